// The message log: bubbles, day separators, chips, states and scroll position.

import {dia, etiquetaDia, hora, nodosDeTexto} from './formato.js';
import {adjunto, crear, opcion} from './piezas.js';

const $ = (id) => document.getElementById(id);

const log = $('mensajes');
const desplazable = $('desplazable');
const escribiendo = $('escribiendo');
const bajar = $('bajar');
const porId = new Map();
let alPulsar = () => {};

const esMensaje = (el) => el.classList.contains('mensaje');
const cercaDelFinal = () => desplazable.scrollHeight - desplazable.scrollTop - desplazable.clientHeight < 90;

export function alPulsarBoton(funcion) { alPulsar = funcion; }

function construir(de, texto, m) {
  const el = crear('div', `mensaje ${de}`);
  const burbuja = crear('div', 'burbuja');
  burbuja.append(crear('span', 'solo-lector', de === 'persona' ? 'Tú: ' : 'Tributa: '));
  if (m.imagen || m.documento) burbuja.append(adjunto(m, texto));
  const cuerpo = crear('span', 'texto');
  cuerpo.append(nodosDeTexto(texto));
  const pie = crear('span', 'pie');
  pie.append(crear('time', 'hora'));
  burbuja.append(cuerpo, ' ', pie);
  el.append(burbuja);
  const opciones = [...(m.botones || []), ...(m.lista || [])];
  if (opciones.length) {
    const grupo = crear('div', m.lista?.length ? 'botones lista' : 'botones');
    grupo.setAttribute('role', 'group');
    grupo.setAttribute('aria-label', 'Opciones');
    grupo.append(...opciones.map((b) => opcion(b, (una) => alPulsar(una))));
    el.append(grupo);
  }
  fechar(el, m.enviado);
  return el;
}

function fechar(el, enviado) {
  const leida = enviado ? new Date(enviado) : new Date();
  const fecha = Number.isNaN(leida.getTime()) ? new Date() : leida;
  el.dataset.dia = dia(fecha);
  const reloj = el.querySelector('.hora');
  reloj.dateTime = fecha.toISOString();
  reloj.textContent = hora(fecha);
}

/** Keeps one separator before each day's first message, without touching those already right. */
function separarDias() {
  let actual = '';
  let separador = null;
  for (const el of [...log.children]) {
    if (!esMensaje(el)) {
      separador?.remove();
      separador = el;
    } else if (el.dataset.dia !== actual) {
      actual = el.dataset.dia;
      if (!separador) {
        separador = crear('div', 'dia');
        separador.append(crear('span'));
        log.insertBefore(separador, el);
      }
      const etiqueta = etiquetaDia(actual);
      if (separador.textContent !== etiqueta) separador.firstChild.textContent = etiqueta;
      separador = null;
    } else if (separador) {
      separador.remove();
      separador = null;
    }
  }
  separador?.remove();
}

/** Chips after the person's last message are current; the others stay pressable but quiet. */
function marcarVigentes() {
  let vigente = true;
  for (let el = log.lastElementChild; el; el = el.previousElementSibling) {
    if (el.classList.contains('persona')) vigente = false;
    else if (esMensaje(el)) el.classList.toggle('vigente', vigente);
  }
}

function ordenar() {
  separarDias();
  marcarVigentes();
}

function callando(accion) {
  log.setAttribute('aria-live', 'off');
  accion();
  setTimeout(() => log.setAttribute('aria-live', 'polite'), 400);
}

function nuevo(m) {
  const el = construir(m.de === 'persona' ? 'persona' : 'tributa', m.texto || '', m);
  if (m.id !== undefined && m.id !== null) {
    el.dataset.id = m.id;
    porId.set(String(m.id), el);
  }
  if (m.de === 'persona') estado(el, 'enviado');
  return el;
}

const conocido = (m) => m.id !== undefined && m.id !== null && porId.has(String(m.id));

export function vaciar() {
  porId.clear();
  callando(() => log.replaceChildren());
  bajar.hidden = true;
}

export function cargarInicial(mensajes) {
  callando(() => {
    log.replaceChildren();
    porId.clear();
    for (const m of mensajes) if (!conocido(m)) log.append(nuevo(m));
    ordenar();
  });
  alFinal();
}

export function anteponer(mensajes) {
  const desdeAbajo = desplazable.scrollHeight - desplazable.scrollTop;
  callando(() => {
    const primero = log.firstElementChild;
    for (const m of mensajes) if (!conocido(m)) log.insertBefore(nuevo(m), primero);
    ordenar();
  });
  desplazable.scrollTop = desplazable.scrollHeight - desdeAbajo;
}

/** Where that number belongs: before the first later message, or the person's bubbles still waiting. */
function lugarDe(id, propio) {
  let lugar = null;
  for (let el = log.lastElementChild; el; el = el.previousElementSibling) {
    if (el === propio || !esMensaje(el)) continue;
    if (el.dataset.id ? Number(el.dataset.id) > id : el.classList.contains('en-cola')) lugar = el;
    else if (el.dataset.id) break;
  }
  return lugar;
}

/** Server messages, whoever brings them and in whatever order. Returns what was new. */
export function agregar(mensajes) {
  const nuevos = [];
  const seguir = cercaDelFinal();
  let primero = null;
  for (const m of mensajes) {
    if (conocido(m)) continue;
    const el = nuevo(m);
    el.classList.add('entra');
    log.insertBefore(el, lugarDe(m.id));
    primero ??= el;
    nuevos.push(m);
  }
  if (!nuevos.length) return nuevos;
  ordenar();
  if (seguir) mostrarDesde(primero);
  else { bajar.hidden = false; bajar.classList.add('con-nuevos'); }
  return nuevos;
}

/** A long answer is read from its start: never scroll its question out of sight. */
function mostrarDesde(el) {
  let previo = el.previousElementSibling;
  if (!previo || !previo.classList.contains('persona')) previo = el;
  const tope = previo.offsetTop - 12; // .desplazable is the offset parent
  const fondo = desplazable.scrollHeight - desplazable.clientHeight;
  desplazable.scrollTop = Math.min(fondo, Math.max(tope, desplazable.scrollTop));
}

export function alFinal() {
  desplazable.scrollTop = desplazable.scrollHeight;
  bajar.hidden = true;
  bajar.classList.remove('con-nuevos');
}

export function agregarPropio(texto) {
  const el = construir('persona', texto, {});
  el.classList.add('en-cola', 'entra');
  log.append(el);
  ordenar();
  alFinal();
  return el;
}

const ESTADOS = {
  espera: 'En espera',
  enviando: 'Enviando…',
  reintentando: 'Sin conexión, reintentando…',
  enviado: 'Enviado',
  fallido: 'No se envió',
};

/** Sets the state of an own bubble; a failed one gets its reason and what can be done. */
export function estado(el, cual, {motivo, reintentar, descartar} = {}) {
  el.dataset.estado = cual;
  el.querySelector('.marca')?.remove();
  el.querySelector('.fallo')?.remove();
  const marca = crear('span', 'marca', cual === 'enviado' ? '' : ESTADOS[cual]);
  marca.setAttribute('aria-live', 'off');
  if (cual === 'enviado') {
    const visto = crear('span', '', '✓');
    visto.setAttribute('aria-hidden', 'true');
    marca.append(visto, crear('span', 'solo-lector', 'Enviado'));
  }
  el.querySelector('.pie').append(marca);
  if (cual !== 'fallido') return;
  const fallo = crear('div', 'fallo');
  const acciones = crear('span', 'fallo-acciones');
  const otra = crear('button', 'enlace reintentar', 'Reintentar');
  const fuera = crear('button', 'enlace descartar', 'Descartar');
  otra.addEventListener('click', reintentar);
  fuera.addEventListener('click', descartar);
  acciones.append(otra, fuera);
  fallo.append(crear('span', 'fallo-motivo', motivo), acciones);
  el.append(fallo);
  if (cercaDelFinal() || el === log.lastElementChild) alFinal();
}

/** The server took the bubble: it gets its id, time and place and leaves the queue. */
export function confirmar(el, persona) {
  if (el.dataset.id) { // the stream was faster than the answer, or the other way round
    if (el.dataset.estado !== 'enviado') estado(el, 'enviado');
    return;
  }
  el.classList.remove('en-cola');
  if (persona?.id !== undefined) {
    porId.get(String(persona.id))?.remove();
    el.dataset.id = persona.id;
    porId.set(String(persona.id), el);
    fechar(el, persona.enviado);
    const lugar = lugarDe(persona.id, el);
    if (lugar !== el.nextElementSibling) log.insertBefore(el, lugar);
  }
  estado(el, 'enviado');
  ordenar();
}

export function ponerAlFinal(el) {
  el.classList.add('en-cola');
  log.append(el);
  ordenar();
  alFinal();
}

export function quitar(el) {
  el.remove();
  ordenar();
}

export function extremos() {
  const ids = [...log.querySelectorAll('[data-id]')].map((el) => el.dataset.id);
  return {primero: ids[0], ultimo: ids[ids.length - 1]};
}

export const hayMensajes = () => Boolean(log.querySelector('.mensaje'));

export function mostrarEscribiendo(si) {
  if (escribiendo.hidden === !si) return;
  const seguir = cercaDelFinal();
  escribiendo.hidden = !si;
  $('estado-lector').textContent = si ? 'Tributa está escribiendo' : '';
  if (si && seguir) alFinal();
}

export function vigilarDesplazamiento(alTope) {
  let pegado = true;
  desplazable.addEventListener('scroll', () => {
    pegado = cercaDelFinal();
    bajar.hidden = pegado;
    if (pegado) bajar.classList.remove('con-nuevos');
    if (desplazable.scrollTop < 160) alTope();
  }, {passive: true});
  bajar.addEventListener('click', () => { alFinal(); desplazable.focus(); });
  new ResizeObserver(() => { if (pegado) alFinal(); }).observe(desplazable); // the keyboard opened
}

export const refrescarDias = ordenar;
export const desplazableLleno = () => desplazable.scrollHeight > desplazable.clientHeight + 4;
