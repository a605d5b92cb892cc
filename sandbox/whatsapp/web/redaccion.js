// Writing: text, a file with its caption, a row of a list.

import {crear, tamano} from './formato.js';
import {icono} from './iconos.js';

const por = (id) => document.getElementById(id);
const texto = por('texto');
const archivo = por('archivo');
const MAXIMO = 100 * 2 ** 20;
let adjunto = null;

function medir() {
  texto.style.height = '';
  if (texto.value) texto.style.height = `${Math.min(texto.scrollHeight, 144)}px`;
}

function poner(nuevo) {
  const vista = por('adjunto-vista');
  const antes = vista.querySelector('img');
  if (antes) URL.revokeObjectURL(antes.src);
  adjunto = nuevo;
  archivo.value = '';
  por('adjunto').hidden = !nuevo;
  texto.placeholder = nuevo ? 'Agrega un comentario' : 'Escribe un mensaje';
  if (!nuevo) return;
  por('adjunto-nombre').textContent = nuevo.name;
  por('adjunto-tamano').textContent = tamano(nuevo.size);
  const img = crear('img');
  if (nuevo.type.startsWith('image/')) img.src = URL.createObjectURL(nuevo);
  vista.replaceChildren(img.src ? img : icono('archivo'));
  texto.focus();
}

function leer(nuevo) {
  return new Promise((listo, mal) => {
    const lector = new FileReader();
    lector.addEventListener('load', () => listo(lector.result.slice(lector.result.indexOf(',') + 1)));
    lector.addEventListener('error', () => mal(lector.error));
    lector.readAsDataURL(nuevo);
  });
}

export function vaciar() {
  poner(null);
  texto.value = '';
  medir();
}

export function prepararRedaccion(enviar, avisar) {
  por('redaccion').addEventListener('submit', async (suceso) => {
    suceso.preventDefault();
    const dicho = texto.value.trim();
    const llevado = adjunto;
    if (!dicho && !llevado) return;
    vaciar();
    try {
      const cuerpo = dicho ? {texto: dicho} : {};
      if (llevado) {
        const mime = llevado.type || 'application/octet-stream';
        cuerpo.archivo = {base64: await leer(llevado), nombre: llevado.name, mime};
      }
      await enviar(cuerpo);
    } catch {
      texto.value = dicho;
      poner(llevado);
      medir();
    }
  });
  texto.addEventListener('input', medir);
  texto.addEventListener('keydown', (suceso) => {
    if (suceso.key === 'Enter' && !suceso.shiftKey && !suceso.isComposing) {
      suceso.preventDefault();
      por('redaccion').requestSubmit();
    }
  });
  texto.addEventListener('paste', (suceso) => {
    const [pegado] = suceso.clipboardData.files;
    if (pegado) { suceso.preventDefault(); elegir(pegado, avisar); }
  });
  por('adjuntar').addEventListener('click', () => archivo.click());
  por('adjunto-quitar').addEventListener('click', () => poner(null));
  archivo.addEventListener('change', () => { if (archivo.files[0]) elegir(archivo.files[0], avisar); });
}

function elegir(nuevo, avisar) {
  if (nuevo.size > MAXIMO) {
    avisar('El archivo pesa más de 100 MB, y WhatsApp no lo acepta.');
  } else {
    poner(nuevo);
  }
}

export function abrirLista(mensaje, enviar) {
  const hoja = por('lista');
  por('lista-titulo').textContent = mensaje.lista.boton;
  por('lista-filas').replaceChildren(...mensaje.lista.secciones.map(({titulo, filas}) =>
    crear('fieldset', '', titulo ? crear('legend', '', titulo) : null, ...filas.map(eleccion))));
  const boton = por('lista-enviar');
  boton.disabled = true;
  hoja.querySelector('form').onchange = () => { boton.disabled = false; };
  hoja.querySelector('form').onsubmit = (suceso) => {
    suceso.preventDefault();
    const elegida = hoja.querySelector('input:checked');
    if (!elegida) return;
    hoja.close();
    enviar({lista: elegida.value, respuesta_a: mensaje.id});
  };
  hoja.showModal();
}

function eleccion(fila) {
  const radio = crear('input');
  radio.type = 'radio';
  radio.name = 'fila';
  radio.value = fila.id;
  const detalle = fila.descripcion ? crear('small', '', fila.descripcion) : null;
  return crear('label', 'eleccion', crear('b', '', fila.titulo), detalle, radio);
}

export function prepararHojas() {
  for (const hoja of document.querySelectorAll('dialog')) {
    hoja.querySelector('[data-cerrar]').addEventListener('click', () => hoja.close());
    hoja.addEventListener('click', (suceso) => { if (suceso.target === hoja) hoja.close(); });
  }
}
