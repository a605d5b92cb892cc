// One-time links. The secret is after the # and goes nowhere but into the body of our own requests.

const $ = (id) => document.getElementById(id);
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);

const TITULOS = {clave: 'Tu clave del SII', datos: 'Descargar mis datos', borrar: 'Borrar mis datos', password: 'Crea tu contraseña'};

async function enviar(ruta, cuerpo) {
  let respuesta;
  try {
    respuesta = await fetch(ruta, {
      method: 'POST',
      credentials: 'omit',
      cache: 'no-store',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({token, ...cuerpo}),
    });
  } catch {
    throw new Error('No pudimos conectarnos. Revisa tu conexión a internet.');
  }
  if (respuesta.ok) return respuesta;
  const problema = await respuesta.json().catch(() => ({}));
  throw new Error(problema.detail || 'Algo falló de nuestro lado. Prueba de nuevo en un momento.');
}

function terminar(texto) {
  for (const form of document.forms) form.hidden = true;
  $('estado').textContent = texto;
  $('error').textContent = '';
}

function alEnviar(id, hacer) {
  const form = $(id);
  form.addEventListener('submit', async (evento) => {
    evento.preventDefault();
    const boton = form.querySelector('[type=submit]');
    if (boton.getAttribute('aria-disabled')) return;
    $('error').textContent = '';
    boton.setAttribute('aria-disabled', 'true');
    try {
      await hacer();
    } catch (e) {
      $('error').textContent = e.message;
    } finally {
      boton.removeAttribute('aria-disabled');
    }
  });
}

alEnviar('form-clave', async () => {
  const clave = $('clave').value;
  if (clave.length < 4) throw new Error('Escribe tu clave tributaria.');
  if (!$('acepto').checked) throw new Error('Para guardarla necesito que aceptes su uso.');
  await enviar('/api/enlaces/clave', {clave, consentimiento: true});
  $('clave').value = '';
  terminar('Listo: tu clave quedó guardada y cifrada. Ya puedes volver al chat y cerrar esta página.');
});

alEnviar('form-datos', async () => {
  const zip = await (await enviar('/api/enlaces/datos', {})).blob();
  const ancla = document.createElement('a');
  ancla.href = URL.createObjectURL(zip);
  ancla.download = 'tributa-mis-datos.zip';
  ancla.click();
  terminar('Tus datos se están descargando. El enlace ya no sirve: si los necesitas otra vez, pídelos en el chat.');
});

alEnviar('form-password', async () => {
  const nueva = $('nueva').value;
  if (nueva.length < 8) throw new Error('Escribe una contraseña de 8 letras o más.');
  await enviar('/api/enlaces/password', {password: nueva});
  $('nueva').value = '';
  terminar('Listo: ya puedes entrar por la web con tu RUT y esta contraseña.');
});

alEnviar('form-borrar', async () => {
  const {recibo} = await (await enviar('/api/enlaces/borrar', {password: $('password').value})).json();
  $('password').value = '';
  terminar(`Borramos todo lo tuyo. Tu comprobante, que no dice quién eres: ${recibo}`);
});

for (const ver of document.querySelectorAll('[data-ver]')) {
  ver.addEventListener('click', () => {
    const campo = $(ver.dataset.ver);
    campo.type = campo.type === 'password' ? 'text' : 'password';
    ver.textContent = campo.type === 'password' ? 'Mostrar' : 'Ocultar';
  });
}

async function abrir() {
  if (!token) return terminar('A este enlace le falta una parte. Ábrelo de nuevo desde el chat.');
  try {
    const {proposito, nombre} = await (await enviar('/api/enlaces/ver', {})).json();
    $('titulo').textContent = TITULOS[proposito];
    $('estado').textContent = nombre;
    $(`form-${proposito}`).hidden = false;
    $(`form-${proposito}`).querySelector('input, button')?.focus();
  } catch (e) {
    terminar(e.message);
  }
}

abrir();
