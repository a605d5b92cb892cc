// What a person can do: each is one POST.

async function enviar(url, cuerpo) {
  const respuesta = await fetch(url, {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(cuerpo),
  });
  if (!respuesta.ok) {
    const {error} = await respuesta.json().catch(() => ({}));
    throw new Error(error || 'No se pudo enviar.');
  }
  return respuesta.json();
}

export const hacer = (usuario, que) => enviar('/telegram/mensajes', {usuario, ...que});
export const bloquear = (usuario, bloqueado) => enviar('/telegram/bloquear', {usuario, bloqueado});

export async function leer(url) {
  const respuesta = await fetch(url);
  if (!respuesta.ok) throw new Error('No se pudo leer.');
  return respuesta.json();
}

function enBase64(archivo) {
  return new Promise((listo, fallo) => {
    const lector = new FileReader();
    lector.onload = () => listo(lector.result.slice(lector.result.indexOf(',') + 1));
    lector.onerror = () => fallo(new Error('No se pudo leer el archivo.'));
    lector.readAsDataURL(archivo);
  });
}

export async function mandarArchivo(usuario, archivo, foto, texto) {
  const base64 = await enBase64(archivo);
  const mime = archivo.type || 'application/octet-stream';
  return hacer(usuario, {archivo: {nombre: archivo.name, mime, base64, foto}, ...(texto ? {texto} : {})});
}
