// Tributa's web chat: session, conversation and composer.

import {crearAcceso} from './acceso.js';
import * as api from './api.js';
import {crearCola} from './envio.js';
import {formatearRut} from './formato.js';
import {crearImportador} from './importar.js';
import {crearMenu, crearRedaccion} from './redaccion.js';
import {crearPendientes} from './pendientes.js';
import {crear} from './piezas.js';
import * as vista from './vista.js';
import {crearVivo} from './vivo.js';

const $ = (id) => document.getElementById(id);
const DEMORA = 'Esto está tomando más de lo normal. La respuesta aparecerá aquí cuando esté lista.';
const SUGERENCIAS = ['¿Cuánto vendí el mes pasado?', '¿Cuánto compré este mes?',
  'Muéstrame las facturas de septiembre', '¿Qué puedes hacer?'];

const mensaje = $('mensaje');
const alLado = window !== window.top;
const sesion = {abierta: false, turno: 0, contribuyente: null, hayMas: false};
let cargandoAntes = false;
let sinLeer = 0;

const tactil = () => matchMedia('(pointer: coarse)').matches;

function mostrar(cual) {
  for (const id of ['inicio', 'acceso', 'chat']) $(id).hidden = id !== cual;
}

/* ---- Session ---- */

async function abrirChat() {
  const datos = await api.leerChat();
  const anterior = sesion.contribuyente;
  if (anterior && anterior.rut !== datos.contribuyente?.rut) olvidar(); // somebody else's draft
  sesion.abierta = true;
  sesion.turno++;
  sesion.contribuyente = datos.contribuyente || {};
  sesion.hayMas = Boolean(datos.hay_mas);
  $('empresa-nombre').textContent = sesion.contribuyente.nombre || '';
  $('empresa-rut').textContent = sesion.contribuyente.rut ? formatearRut(sesion.contribuyente.rut) : '';
  mostrar('chat');
  const mensajes = datos.mensajes || [];
  vista.cargarInicial(mensajes);
  for (const m of mensajes) pendientes.anotar(m);
  cola.reponer(mensajes);
  vivo.abrir(sesion.contribuyente, mensajes.at(-1)?.id ?? 0);
  actualizarVista();
  traerDelEnlace();
  redaccion.ajustar();
  llenarPantalla();
  if (tactil()) $('desplazable').focus();
  else if (!alLado || mensaje.value) mensaje.focus();
}

/** The portal's links bring a question, which the person reads and sends, or open the import. */
function traerDelEnlace() {
  const pedido = location.hash.slice(1);
  if (!pedido) return;
  history.replaceState(null, '', location.pathname);
  if (pedido === 'importar') {
    importador.abrir();
    return;
  }
  try {
    mensaje.value ||= decodeURIComponent(pedido).slice(0, 500);
    redaccion.ajustar();
    if (!tactil()) mensaje.focus();
  } catch { /* no text of ours */ }
}

async function entrarAlChat() {
  try {
    await abrirChat();
  } catch (e) {
    if (e.vencida) e.message = 'No pudimos mantener tu sesión. Revisa que tu navegador acepte cookies.';
    throw e;
  }
}

async function iniciar() {
  mostrar('inicio');
  $('inicio-texto').textContent = 'Abriendo Tributa…';
  $('inicio-reintentar').hidden = true;
  try {
    await abrirChat();
  } catch (e) {
    if (e.vencida) {
      mostrar('acceso');
      acceso.abrir();
      return;
    }
    $('inicio-texto').textContent = e instanceof api.ErrorApi ? e.message : 'Algo falló al abrir la conversación.';
    $('inicio-reintentar').hidden = false;
    $('inicio-reintentar').focus();
  }
}

function cerrarVista(aviso) {
  sesion.abierta = false;
  sesion.turno++;
  vivo.cerrar();
  pendientes.vaciar();
  vista.vaciar();
  vista.mostrarEscribiendo(false);
  conexion(true);
  menu.cerrar();
  importador.cerrar();
  mostrar('acceso');
  acceso.abrir(aviso);
}

/** 401 at any moment: the draft, the queue and the chosen file stay for the same person. */
function vencer() {
  if (!sesion.abierta) return;
  cola.detener();
  cerrarVista('Tu sesión venció. Entra de nuevo para seguir donde quedaste.');
}

function olvidar() {
  cola.vaciar();
  redaccion.vaciar();
  sesion.contribuyente = null;
  importador.reiniciar();
}

async function salir() {
  menu.cerrar();
  try {
    await api.salir();
  } catch (e) {
    if (!e.vencida) {
      avisar('No pudimos cerrar tu sesión. Revisa tu conexión y prueba de nuevo.', 6000);
      return;
    }
  }
  olvidar();
  acceso.olvidar();
  cerrarVista('Cerraste tu sesión.');
}

/* ---- Conversation ---- */

const cola = crearCola({
  alResponder: (r) => {
    const nuevos = (r.mensajes || []).map((m) => ({de: 'tributa', ...m}));
    if (!nuevos.length && r.respuesta && !r.pendiente) nuevos.push({de: 'tributa', texto: r.respuesta});
    pendientes.anotar({id: r.persona?.id, pendiente: r.pendiente});
    recibir(nuevos);
  },
  alVencer: vencer,
  alCambiar: actualizarVista,
  quien: () => sesion.contribuyente?.rut,
});
const pendientes = crearPendientes({alCambiar: () => actualizarVista()});
const vivo = crearVivo({alRecibir: recibir, alVencer: vencer, alConexion: conexion});

function preguntar(texto, boton) {
  if (!sesion.abierta) return;
  cola.agregar(texto, boton);
  actualizarVista();
}
vista.alPulsarBoton((boton) => preguntar(boton.titulo, boton));

/** Whoever brings them: the answer of a request, or the stream, in this window or another. */
function recibir(mensajes) {
  for (const m of mensajes) {
    if (m.id_mensaje) cola.confirmar(m);
    pendientes.anotar(m);
  }
  const nuevos = vista.agregar(mensajes).filter((m) => m.de !== 'persona');
  if (nuevos.length && document.hidden) {
    sinLeer += nuevos.length;
    document.title = `(${sinLeer}) Tributa`;
  }
  actualizarVista();
}

let esperando = false;
function actualizarVista(enviando) {
  if (typeof enviando === 'boolean') esperando = enviando;
  $('vacio').hidden = vista.hayMensajes();
  $('anteriores').hidden = !sesion.hayMas;
  vista.mostrarEscribiendo(sesion.abierta && (esperando || pendientes.hay));
  $('demora').textContent = sesion.abierta && pendientes.tardan ? DEMORA : '';
}

async function cargarAnteriores() {
  const {primero} = vista.extremos();
  if (!sesion.abierta || !sesion.hayMas || cargandoAntes || primero === undefined) return;
  cargandoAntes = true;
  const turno = sesion.turno;
  const conFoco = document.activeElement === $('anteriores');
  $('anteriores').textContent = 'Cargando…';
  try {
    const datos = await api.leerChat({antes: primero});
    if (turno !== sesion.turno) return;
    sesion.hayMas = Boolean(datos.hay_mas && datos.mensajes?.length);
    vista.anteponer(datos.mensajes || []);
    actualizarVista();
    if (conFoco && !sesion.hayMas) $('desplazable').focus();
  } catch (e) {
    if (turno === sesion.turno && e.vencida) vencer();
  } finally {
    $('anteriores').textContent = 'Ver mensajes anteriores';
    cargandoAntes = false;
  }
}

/** On a tall screen the first page may leave room: there would be nothing to scroll. */
async function llenarPantalla() {
  for (let i = 0; i < 3 && sesion.hayMas && !vista.desplazableLleno(); i++) {
    await cargarAnteriores();
    vista.alFinal();
  }
}

function alVolver() {
  if (document.hidden) return;
  sinLeer = 0;
  document.title = 'Tributa';
  if (sesion.abierta) vista.refrescarDias();
}

/* ---- Header, notices and start ---- */

let relojAviso = 0;
function avisar(texto, ms = 0) {
  clearTimeout(relojAviso);
  $('aviso').textContent = texto;
  if (ms) relojAviso = setTimeout(() => avisar(''), ms);
}

let cortada = false;
function conexion(hay) {
  if (!hay) {
    const que = navigator.onLine === false ? 'Sin conexión.' : 'No llegamos a Tributa; seguimos intentando.';
    avisar(`${que} Lo que escribas se enviará cuando vuelva.`);
  } else if (cortada) {
    avisar(sesion.abierta ? 'De nuevo en línea.' : '', 3000);
    cola.reanudar();
  }
  cortada = !hay;
}

const importador = crearImportador({
  rutEmpresa: () => sesion.contribuyente?.rut,
  disponible: () => sesion.abierta,
  alImportar: vivo.mirar,
  alPreguntar: (texto) => preguntar(texto),
  alVencer: vencer,
});
const acceso = crearAcceso({alEntrar: entrarAlChat});
const redaccion = crearRedaccion({alEnviar: (texto) => preguntar(texto)});
const menu = crearMenu();

for (const texto of SUGERENCIAS) {
  const chip = crear('button', 'boton', texto);
  chip.addEventListener('click', () => {
    preguntar(texto);
    if (tactil()) $('desplazable').focus();
    else mensaje.focus();
  });
  $('sugerencias').append(chip);
}
vista.vigilarDesplazamiento(cargarAnteriores);
$('anteriores').addEventListener('click', cargarAnteriores);
$('importar').addEventListener('click', () => importador.abrir());
$('vacio-importar').addEventListener('click', () => importador.abrir());
$('menu-importar').addEventListener('click', () => { menu.cerrar(true); importador.abrir(); });
$('salir').addEventListener('click', salir);
$('inicio-reintentar').addEventListener('click', iniciar);
document.addEventListener('visibilitychange', alVolver);
window.addEventListener('pageshow', (e) => { if (e.persisted) alVolver(); });
window.addEventListener('hashchange', () => { if (sesion.abierta) traerDelEnlace(); });
if (alLado) {
  // Beside a page of the portal, which has the menu; links change that page.
  document.documentElement.classList.add('al-lado');
  document.head.append(Object.assign(document.createElement('base'), {target: '_top'}));
}
window.visualViewport?.addEventListener('resize', () => {
  // iOS covers the page with its keyboard instead of shrinking it. A pinch is not a keyboard.
  if (window.visualViewport.scale > 1.05) return;
  document.documentElement.style.setProperty('--alto', `${window.visualViewport.height}px`);
});

iniciar();
