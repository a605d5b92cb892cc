// Asks for messages and shows them, always as text.

const caja = document.getElementById('mensajes');
const barra = document.getElementById('telefonos');
const estado = document.getElementById('estado');
let elegido = '';
let visto = '';

function crear(etiqueta, texto) {
  const nodo = document.createElement(etiqueta);
  nodo.textContent = texto;
  return nodo;
}

function burbuja(mensaje) {
  const nodo = document.createElement('article');
  nodo.append(crear('p', mensaje.texto), crear('small', `${mensaje.telefono} · ${mensaje.hora}`));
  if (mensaje.codigo) {
    const boton = crear('button', 'Copiar código');
    boton.type = 'button';
    boton.addEventListener('click', async () => {
      await navigator.clipboard.writeText(mensaje.codigo);
      boton.textContent = 'Copiado';
    });
    nodo.append(document.createElement('br'), boton);
  }
  return nodo;
}

function pintar(mensajes) {
  const telefonos = [...new Set(mensajes.map((uno) => uno.telefono))];
  barra.replaceChildren(...(telefonos.length > 1 ? ['', ...telefonos] : []).map((telefono) => {
    const boton = crear('button', telefono || 'Todos');
    boton.type = 'button';
    boton.setAttribute('aria-pressed', String(telefono === elegido));
    boton.addEventListener('click', () => { elegido = telefono; visto = ''; preguntar(); });
    return boton;
  }));
  const propios = mensajes.filter((uno) => !elegido || uno.telefono === elegido);
  caja.replaceChildren(...propios.map(burbuja));
  caja.lastElementChild?.scrollIntoView({block: 'end'});
}

async function preguntar() {
  try {
    const {mensajes} = await (await fetch('/mensajes.json')).json();
    estado.textContent = '';
    const firma = elegido + mensajes.map((uno) => uno.id).join();
    if (mensajes.length && firma !== visto) {
      visto = firma;
      pintar(mensajes);
    }
  } catch {
    estado.textContent = 'Tributa está detenido. Vuelvo a intentar…';
  }
}

preguntar();
setInterval(preguntar, 1000);
