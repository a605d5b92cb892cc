// The phones: who there is, whose turn it is, and what the simulator tells.

import {resumen} from './burbujas.js';
import {actualizar, mostrar, pintar, teclear} from './charla.js';
import {crear, fecha, hora, numero} from './formato.js';
import {icono, marca} from './iconos.js';
import {abrirLista, prepararHojas, prepararRedaccion, vaciar} from './redaccion.js';

const por = (id) => document.getElementById(id);
let personas = [];
let elegida = null;
let negocio = 'Tributa';
let espera = 0;

function avisar(texto) {
  por('aviso').textContent = texto;
  clearTimeout(espera);
  espera = setTimeout(() => { por('aviso').textContent = ''; }, 5000);
}

async function pedir(ruta, cuerpo) {
  const headers = {'Content-Type': 'application/json'};
  const respuesta = await fetch(ruta, cuerpo ? {method: 'POST', body: JSON.stringify(cuerpo), headers} : {});
  const dicho = await respuesta.json();
  if (!respuesta.ok) throw new Error(dicho.error);
  return dicho;
}

async function enviar(cuerpo) {
  try {
    await pedir('/telefono/mensajes', {bsuid: elegida.bsuid, ...cuerpo});
  } catch (problema) {
    avisar(`No se pudo enviar: ${problema.message}`);
    throw problema;
  }
}

const contexto = () => ({
  negocio,
  propio: `${elegida.nombre} · ${elegida.telefono ? numero(elegida.telefono) : 'sin número'}`,
  buscar: (id) => elegida.mensajes.find((uno) => uno.id === id),
  actos: {
    enviar: (cuerpo) => enviar(cuerpo).catch(() => {}),
    abrirLista: (mensaje) => abrirLista(mensaje, (cuerpo) => enviar(cuerpo).catch(() => {})),
  },
});

const direccion = () => decodeURIComponent(location.hash.slice(1));
const clave = (persona) => persona.telefono || persona.bsuid;
const pendiente = (uno) => uno.de === 'negocio' && ['sent', 'delivered'].includes(uno.estado);
const sinLeer = (persona) => persona.mensajes.filter(pendiente).length;

function cara(persona) {
  const palabras = persona.nombre.replace(/[^\p{L}\p{N} ]/gu, '').trim().split(/\s+/);
  const letras = palabras.slice(0, 2).map((una) => una[0] ?? '').join('').toUpperCase();
  const tono = [...persona.bsuid].reduce((suma, letra) => suma + letra.codePointAt(0), 0) % 6;
  const nodo = crear('span', `cara tono-${tono}`, /^\D/.test(letras) ? letras : icono('persona'));
  nodo.setAttribute('aria-hidden', 'true');
  return nodo;
}

function cuando(mensaje) {
  if (!mensaje) return '';
  const dia = fecha(mensaje.hora);
  return dia === fecha(new Date().toISOString()) ? hora(mensaje.hora) : dia.replace(/ de \d+$/, '');
}

function fila(persona) {
  const ultimo = persona.mensajes.findLast((uno) => uno.estado !== 'failed');
  const nuevos = persona === elegida && !document.hidden ? 0 : sinLeer(persona);
  const boton = crear('button', nuevos ? 'telefono con-nuevos' : 'telefono');
  boton.type = 'button';
  boton.dataset.clave = clave(persona);
  boton.setAttribute('aria-current', String(persona === elegida));
  const quieto = persona.telefono ? numero(persona.telefono) : 'No muestra su número';
  const linea = crear('span', 'ultimo', crear('span', '', ultimo ? resumen(ultimo) : quieto));
  if (ultimo?.de === 'persona') linea.prepend(marca(ultimo.estado));
  const nombre = crear('span', 'nombre', persona.nombre);
  boton.append(cara(persona), nombre, crear('time', '', cuando(ultimo)), linea);
  if (nuevos) boton.append(crear('span', 'nuevos', String(nuevos)));
  boton.addEventListener('click', () => elegir(persona));
  return boton;
}

function pintarTelefonos() {
  const barra = por('telefonos');
  const enfocado = barra.contains(document.activeElement) ? document.activeElement.dataset.clave : null;
  barra.replaceChildren(...personas.map(fila));
  if (enfocado) [...barra.children].find((uno) => uno.dataset.clave === enfocado)?.focus();
}

function leido() {
  const mirando = elegida && !document.hidden && document.body.dataset.vista === 'charla';
  if (mirando && sinLeer(elegida)) {
    pedir('/telefono/leido', {bsuid: elegida.bsuid}).catch(() => {});
  }
}

function elegir(persona) {
  if (elegida !== persona) vaciar();
  elegida = persona;
  document.body.dataset.vista = 'charla';
  por('charla').hidden = false;
  por('negocio').textContent = negocio;
  por('subtitulo').title = persona.bsuid;
  document.title = `${persona.nombre} · Teléfonos de prueba`;
  por('cambiar-numero').hidden = !persona.telefono;
  if (direccion() !== clave(persona)) history.pushState(null, '', `#${clave(persona)}`);
  pintar(persona, contexto());
  pintarTelefonos();
  leido();
  if (matchMedia('(hover: hover)').matches) por('texto').focus();
}

function volver() {
  document.body.dataset.vista = 'lista';
  const antes = elegida;
  elegida = null;
  por('charla').hidden = true;
  pintarTelefonos();
  if (antes) [...por('telefonos').children].find((uno) => uno.dataset.clave === clave(antes))?.focus();
}

function seguirDireccion() {
  const buscada = direccion();
  const persona = buscada && personas.find((una) => [una.telefono, una.bsuid].includes(buscada));
  if (persona) elegir(persona);
  else if (innerWidth > 760 && personas.length) elegir(personas[0]);
  else volver();
}

function oir({persona: quien, mensaje, estado, escribiendo}) {
  const persona = personas.find((una) => una.bsuid === quien.bsuid);
  if (!persona) {
    cargar();
    return;
  }
  persona.nombre = quien.nombre;
  if (mensaje && !persona.mensajes.some((uno) => uno.id === mensaje.id)) {
    persona.mensajes.push(mensaje);
    if (persona === elegida) mostrar(mensaje, contexto());
  }
  if (estado) {
    const cambiado = persona.mensajes.find((uno) => uno.id === estado.id);
    if (cambiado) Object.assign(cambiado, estado);
    if (cambiado && persona === elegida) actualizar(cambiado);
  }
  if (escribiendo !== undefined && persona === elegida) teclear(escribiendo);
  pintarTelefonos();
  leido();
}

async function cargar() {
  const dicho = await pedir('/telefono/personas');
  negocio = dicho.negocio;
  personas = dicho.personas;
  const misma = elegida && ['bsuid', 'nombre'].map((dato) =>
    personas.find((una) => una[dato] === elegida[dato])).find(Boolean);
  if (misma) {
    elegida = misma;
    elegir(misma);
  } else {
    seguirDireccion();
  }
}

function escuchar() {
  const fuente = new EventSource('/telefono/eventos');
  fuente.addEventListener('open', () => { cargar().catch(() => {}); });
  fuente.addEventListener('message', (suceso) => oir(JSON.parse(suceso.data)));
  fuente.addEventListener('error', () => avisar('El simulador está detenido. Vuelvo a intentar…'));
}

function prepararMenu() {
  const boton = por('menu-boton');
  const menu = por('menu');
  const abrir = (si) => {
    menu.hidden = !si;
    boton.setAttribute('aria-expanded', String(si));
    if (si) menu.querySelector('button:not([hidden])').focus();
  };
  boton.addEventListener('click', () => abrir(menu.hidden));
  document.addEventListener('click', (suceso) => { if (!suceso.target.closest('.menu')) abrir(false); });
  menu.parentElement.addEventListener('keydown', (suceso) => {
    const filas = [...menu.querySelectorAll('button:not([hidden])')];
    const lugar = filas.indexOf(document.activeElement);
    if (suceso.key === 'Escape') { abrir(false); boton.focus(); }
    if (suceso.key === 'ArrowDown') { suceso.preventDefault(); filas[(lugar + 1) % filas.length].focus(); }
    if (suceso.key === 'ArrowUp') { suceso.preventDefault(); filas.at(lugar - 1).focus(); }
  });
  const hacer = (id, acto) => por(id).addEventListener('click', () => {
    abrir(false);
    acto().catch((problema) => avisar(problema.message));
  });
  hacer('cambiar-equipo', async () => {
    await pedir('/telefono/identidad', {bsuid: elegida.bsuid});
    avisar('El número ahora está en otro equipo: WhatsApp se lo avisó al negocio.');
  });
  hacer('pasar-dia', async () => {
    await pedir('/simulador/reloj', {segundos: 86400});
    avisar('Pasaron 24 horas: si no escribes, solo pueden llegarte plantillas.');
  });
  hacer('cambiar-numero', async () => abrirNuevo(elegida));
}

let cambia = null;

function abrirNuevo(persona) {
  cambia = persona;
  por('nuevo-titulo').textContent = persona ? 'Cambiar de número' : 'Agregar un teléfono';
  por('nuevo-nombre').parentElement.hidden = Boolean(persona);
  por('nuevo-nota').hidden = Boolean(persona);
  por('nuevo').querySelector('.principal').textContent = persona ? 'Cambiar' : 'Agregar';
  for (const campo of ['nuevo-nombre', 'nuevo-numero']) por(campo).value = '';
  por('nuevo-error').textContent = '';
  por('nuevo').showModal();
  por(persona ? 'nuevo-numero' : 'nuevo-nombre').focus();
}

function prepararNuevo() {
  por('agregar').addEventListener('click', () => abrirNuevo(null));
  por('nuevo').querySelector('form').addEventListener('submit', async (suceso) => {
    suceso.preventDefault();
    const telefono = por('nuevo-numero').value.trim();
    try {
      const hecha = cambia
        ? await pedir('/telefono/numero', {bsuid: cambia.bsuid, nuevo: telefono})
        : await pedir('/telefono/personas', {telefono, nombre: por('nuevo-nombre').value.trim()});
      por('nuevo').close();
      await cargar();
      elegir(personas.find((una) => una.bsuid === hecha.bsuid));
    } catch (problema) {
      const raro = /pattern/.test(problema.message);
      por('nuevo-error').textContent = raro ? 'Ese número no se entiende.' : problema.message;
    }
  });
}

const ICONOS = {agregar: 'mas', volver: 'volver', 'menu-boton': 'menu', adjuntar: 'clip', enviar: 'enviar',
  bajar: 'bajar', 'adjunto-quitar': 'cerrar'};
for (const [id, nombre] of Object.entries(ICONOS)) por(id).append(icono(nombre));
por('verificada').append(icono('insignia', 16));
for (const boton of document.querySelectorAll('[data-cerrar]')) boton.append(icono('cerrar'));
por('volver').addEventListener('click', () => { history.pushState(null, '', '/'); volver(); });
addEventListener('popstate', seguirDireccion);
document.addEventListener('visibilitychange', () => { pintarTelefonos(); leido(); });
prepararRedaccion(enviar, avisar);
prepararHojas();
prepararMenu();
prepararNuevo();
escuchar();
