// The open conversation: adds bubbles, keeps its place, marks what was read.

import {burbuja, escribiendo, fallo, ponerEstado, ponerReaccion} from './burbujas.js';
import {crear, fecha} from './formato.js';

const caja = document.getElementById('mensajes');
const bajar = document.getElementById('bajar');
const subtitulo = document.getElementById('subtitulo');
let nodos = new Map();
let anterior = null;
let reloj = 0;
let propio = '';

const abajo = () => caja.scrollHeight - caja.scrollTop - caja.clientHeight < 80;

export function alFinal() {
  caja.scrollTop = caja.scrollHeight;
}

caja.addEventListener('scroll', () => { bajar.hidden = abajo(); });
caja.addEventListener('load', () => { if (bajar.hidden) alFinal(); }, true);
bajar.addEventListener('click', alFinal);
new ResizeObserver(() => { if (bajar.hidden) alFinal(); }).observe(caja);

function separar(mensaje) {
  const dia = fecha(mensaje.hora);
  if (!anterior || fecha(anterior.hora) !== dia) {
    caja.append(crear('p', 'ficha', dia === fecha(new Date().toISOString()) ? 'Hoy' : dia));
    anterior = null;
  }
}

export function mostrar(mensaje, contexto) {
  if (mensaje.tipo === 'reaction') {
    const nodo = nodos.get(mensaje.reaccion.mensaje);
    if (nodo) ponerReaccion(nodo, mensaje.reaccion.emoji);
    return;
  }
  const seguir = mensaje.de === 'persona' || abajo();
  document.getElementById('saludo')?.remove();
  separar(mensaje);
  const nodo = mensaje.estado === 'failed' ? fallo(mensaje) : burbuja(mensaje, contexto);
  if (anterior?.de !== mensaje.de) nodo.classList.add('corta');
  nodos.set(mensaje.id, nodo);
  anterior = mensaje;
  if (mensaje.de === 'negocio') teclear(0);
  caja.append(nodo);
  const puntos = document.getElementById('escribiendo');
  if (puntos) caja.append(puntos);
  if (seguir) alFinal();
}

export function actualizar(mensaje) {
  const nodo = nodos.get(mensaje.id);
  if (!nodo) return;
  if (mensaje.estado === 'failed') {
    const ficha = fallo(mensaje);
    nodo.replaceWith(ficha);
    nodos.set(mensaje.id, ficha);
  } else {
    ponerEstado(nodo, mensaje);
  }
}

export function teclear(segundos) {
  clearTimeout(reloj);
  document.getElementById('escribiendo')?.remove();
  subtitulo.textContent = segundos > 0 ? 'escribiendo…' : propio;
  subtitulo.classList.toggle('escribe', segundos > 0);
  if (segundos <= 0) return;
  const seguir = abajo();
  caja.append(escribiendo());
  if (seguir) alFinal();
  reloj = setTimeout(() => teclear(0), segundos * 1000);
}

export function pintar(persona, contexto) {
  nodos = new Map();
  anterior = null;
  propio = contexto.propio;
  caja.replaceChildren();
  caja.setAttribute('aria-busy', 'true');
  for (const mensaje of persona.mensajes) mostrar(mensaje, contexto);
  if (!persona.mensajes.length) {
    const nodo = crear('p', 'ficha', `Escríbele a ${contexto.negocio} para empezar: prueba con «hola».`);
    nodo.id = 'saludo';
    caja.append(nodo);
  }
  teclear(persona.escribiendo ?? 0);
  caja.setAttribute('aria-busy', 'false');
  alFinal();
  bajar.hidden = true;
}
