// The REST contract. Every failure becomes an ErrorApi with a text fit to be shown.

export class ErrorApi extends Error {
  /** estado 0 = the network failed; esperar = seconds the server asked to wait. */
  constructor(estado, problema = {}, esperar = 0) {
    super(problema.detail || problema.title || textoPorDefecto(estado));
    this.estado = estado;
    this.tipo = problema.type || '';
    this.esperar = esperar;
    this.solicitud = problema.solicitud || '';
  }

  get vencida() { return this.estado === 401; }
  get deRed() { return this.estado === 0; }
  get pasajero() {
    return [0, 408, 502, 503, 504].includes(this.estado)
      || (this.estado === 429 && this.esperar > 0 && this.esperar <= 20);
  }
}

function textoPorDefecto(estado) {
  if (estado === 0) return 'No pudimos conectarnos. Revisa tu conexión a internet.';
  if (estado === 401) return 'El RUT o la contraseña no coinciden.';
  if (estado === 413) return 'El archivo es demasiado grande.';
  if (estado === 429) return 'Hiciste muchos intentos seguidos. Espera un momento y prueba de nuevo.';
  return 'Algo falló de nuestro lado. Prueba de nuevo en un momento.';
}

function leerJson(texto) {
  try {
    const datos = JSON.parse(texto);
    return datos && typeof datos === 'object' ? datos : {};
  } catch {
    return {};
  }
}

async function pedir(ruta, {metodo = 'GET', json, limite = 30000} = {}) {
  const control = new AbortController();
  const reloj = setTimeout(() => control.abort(), limite);
  let respuesta;
  let texto;
  try {
    respuesta = await fetch(ruta, {
      method: metodo,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {Accept: 'application/json', ...(json && {'Content-Type': 'application/json'})},
      body: json && JSON.stringify(json),
      signal: control.signal,
    });
    texto = await respuesta.text();
  } catch {
    throw new ErrorApi(0);
  } finally {
    clearTimeout(reloj);
  }
  if (!respuesta.ok) {
    throw new ErrorApi(respuesta.status, leerJson(texto), Number(respuesta.headers.get('Retry-After')) || 0);
  }
  return leerJson(texto);
}

/** The cookie keeps the session; the token of the answer is dropped on purpose. */
export async function entrar(datos) {
  await pedir('/api/login', {metodo: 'POST', json: datos});
}

export const salir = () => pedir('/api/logout', {metodo: 'POST'});

export function leerChat({antes, despues, limite = 30} = {}) {
  const q = new URLSearchParams({limite});
  if (antes !== undefined) q.set('antes', antes);
  if (despues !== undefined) q.set('despues', despues);
  return pedir(`/api/chat?${q}`);
}

export const enviar = (cuerpo) => pedir('/api/chat', {metodo: 'POST', json: cuerpo, limite: 60000});

/** XMLHttpRequest because fetch reports no upload progress. Returns {promesa, cancelar}. */
export function importarRcv(campos, alAvanzar) {
  const xhr = new XMLHttpRequest();
  const promesa = new Promise((resolver, rechazar) => {
    const datos = new FormData();
    for (const [clave, valor] of Object.entries(campos)) datos.append(clave, valor);
    xhr.open('POST', '/api/rcv/importar');
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.upload.addEventListener('progress', (e) => {
      if (e.lengthComputable) alAvanzar(e.loaded / e.total);
    });
    xhr.upload.addEventListener('load', () => alAvanzar(1));
    xhr.addEventListener('load', () => {
      const cuerpo = leerJson(xhr.responseText);
      if (xhr.status >= 200 && xhr.status < 300) resolver(cuerpo);
      else rechazar(new ErrorApi(xhr.status, cuerpo));
    });
    xhr.addEventListener('error', () => rechazar(new ErrorApi(0)));
    xhr.addEventListener('abort', () => resolver(null));
    xhr.send(datos);
  });
  return {promesa, cancelar: () => xhr.abort()};
}
