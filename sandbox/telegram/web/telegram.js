// The chats of several people with the bot, one of them at a time.

import {bloquear, hacer, leer, mandarArchivo} from './acciones.js';
import {burbuja, crear} from './burbujas.js';

const $ = (id) => document.getElementById(id);
const pintados = new Map();
let usuario = Number(location.hash.slice(1)) || 0;
let nombres = new Map();
let chat = null;
let avisoVisto = {};
let tecladoUsado = '';
let ocultar = 0;

function decir(texto) {
  $('estado').textContent = texto;
  $('estado').hidden = !texto;
}

async function intentar(tarea) {
  try {
    decir('');
    return await tarea();
  } catch (error) {
    decir(error instanceof TypeError ? 'El simulador está detenido. Vuelvo a intentar…' : error.message);
    return null;
  }
}

const mandar = (que) => intentar(() => hacer(usuario, que));
const apretar = (mensaje, boton) => mandar({boton: boton.id, mensaje: mensaje.id});

function iniciales(nombre) {
  return nombre.split(/\s+/).slice(0, 2).map((parte) => [...parte][0] || '').join('').toUpperCase();
}

function pintarPersonas({bot, personas}) {
  nombres = new Map(personas.map((una) => [una.id, una.nombre]));
  if (!nombres.has(usuario)) usuario = personas[0].id;
  $('bot').textContent = bot;
  $('personas').replaceChildren(...personas.map((una) => {
    const nodo = crear('button', '', 'ficha');
    nodo.type = 'button';
    nodo.setAttribute('aria-current', String(una.id === usuario));
    const datos = crear('span', '', 'datos');
    const ultimo = una.ultimo ? una.ultimo.texto || una.ultimo.tipo : 'Todavía no escribe';
    datos.append(crear('b', una.nombre), crear('small', ultimo.slice(0, 80)));
    const avatar = crear('span', iniciales(una.nombre), `avatar color-${una.id % 5}`);
    avatar.setAttribute('aria-hidden', 'true');
    nodo.append(avatar, datos);
    nodo.addEventListener('click', () => elegir(una.id));
    return nodo;
  }));
}

function pintarMensajes() {
  const caja = $('mensajes');
  const abajo = caja.scrollHeight - caja.scrollTop - caja.clientHeight < 80;
  const vistos = new Set(chat.mensajes.map((uno) => uno.id));
  for (const [id, {nodo}] of pintados) {
    if (!vistos.has(id)) {
      nodo.remove();
      pintados.delete(id);
    }
  }
  caja.querySelector('.bienvenida')?.remove();
  for (const mensaje of chat.mensajes) {
    const firma = JSON.stringify(mensaje);
    const antes = pintados.get(mensaje.id);
    if (antes?.firma === firma) continue;
    const nodo = burbuja(mensaje, apretar);
    nodo.querySelector('img')?.addEventListener('load', () => {
      if (abajo) caja.scrollTop = caja.scrollHeight;
    });
    if (antes) antes.nodo.replaceWith(nodo); else caja.append(nodo);
    pintados.set(mensaje.id, {firma, nodo});
  }
  if (!chat.mensajes.length) {
    const nodo = crear('div', '', 'bienvenida');
    const dicho = crear('p', chat.descripcion || 'Aún no lo ha dicho.');
    nodo.append(crear('b', '¿Qué puede hacer este bot?'), dicho);
    caja.append(nodo);
  }
  if (abajo) caja.scrollTop = caja.scrollHeight;
}

function pintarTeclado() {
  const firma = `${usuario} ${chat.teclado_de}`;
  $('teclado').hidden = !chat.teclado.length || firma === tecladoUsado || chat.persona.bloqueado;
  $('teclado').replaceChildren(...chat.teclado.map((fila) => {
    const nodo = crear('div', '', 'fila');
    nodo.append(...fila.map((una) => {
      const boton = crear('button', una.titulo, 'boton');
      boton.type = 'button';
      boton.addEventListener('click', () => {
        if (una.contacto) { abrirContacto(true); return; }
        if (chat.de_una_vez) tecladoUsado = firma;
        mandar({texto: una.titulo});
      });
      return boton;
    }));
    return nodo;
  }));
}

function pintarPie() {
  const {empezo, bloqueado} = chat.persona;
  const listo = empezo && !bloqueado;
  $('envio').hidden = !listo;
  $('grande').hidden = listo;
  $('grande').textContent = bloqueado ? 'Desbloquear bot' : 'Iniciar';
  $('bloquear').hidden = !listo;
  $('accion').textContent = chat.accion ? 'escribiendo…' : 'bot';
  $('comandos').hidden = !chat.comandos.length;
  $('comandos-lista').replaceChildren(...chat.comandos.map((uno) => {
    const boton = crear('button');
    boton.type = 'button';
    boton.append(crear('b', `/${uno.command}`), document.createTextNode(` ${uno.description}`));
    boton.addEventListener('click', () => mandar({texto: `/${uno.command}`}));
    return boton;
  }));
}

function pintarAviso() {
  const {aviso} = chat;
  if (!aviso || avisoVisto[usuario] === aviso.id) return;
  const nuevo = usuario in avisoVisto;
  avisoVisto[usuario] = aviso.id;
  if (!nuevo) return;
  if (aviso.alerta) {
    $('alerta-texto').textContent = aviso.texto;
    $('alerta').showModal();
    return;
  }
  $('aviso').textContent = aviso.texto;
  $('aviso').hidden = false;
  setTimeout(() => { $('aviso').hidden = true; }, 4000);
}

async function refrescar() {
  await intentar(async () => {
    pintarPersonas(await leer('/telegram/personas.json'));
    const pedido = usuario;
    const nuevo = await leer(`/telegram/mensajes.json?usuario=${pedido}`);
    if (pedido !== usuario) return;
    chat = nuevo;
    if (!(usuario in avisoVisto) && !chat.aviso) avisoVisto[usuario] = 0;
    pintarMensajes();
    pintarTeclado();
    pintarPie();
    pintarAviso();
    clearTimeout(ocultar);
    if (chat.accion) ocultar = setTimeout(refrescar, 5200);
  });
}

function elegir(quien) {
  usuario = quien;
  location.hash = String(quien);
  pintados.clear();
  $('mensajes').replaceChildren();
  refrescar();
}

function abrirContacto(propio) {
  const suyo = `+5690000${String(usuario).slice(-4).padStart(4, '0')}`;
  $('contacto-telefono').value = propio ? suyo : '+56900009999';
  $('contacto-propio').checked = propio;
  $('contacto').showModal();
}

function alternar(boton, lista) {
  const abrir = (si) => { $(lista).hidden = !si; $(boton).setAttribute('aria-expanded', String(si)); };
  $(boton).addEventListener('click', (evento) => { evento.stopPropagation(); abrir($(lista).hidden); });
  document.addEventListener('click', () => abrir(false));
  document.addEventListener('keydown', (evento) => { if (evento.key === 'Escape') abrir(false); });
}

const adjuntos = {
  foto: () => $('foto').click(),
  archivo: () => $('archivo').click(),
  contacto: () => abrirContacto(false),
  ubicacion: () => mandar({ubicacion: {}}),
  voz: () => mandar({voz: {}}),
  sticker: () => mandar({sticker: {}}),
};

async function enviarTexto() {
  const texto = $('texto').value.trim();
  if (texto && await mandar({texto})) $('texto').value = '';
  $('texto').focus();
}

alternar('comandos', 'comandos-lista');
alternar('adjuntar', 'adjuntar-lista');
for (const boton of document.querySelectorAll('[data-adjunto]')) {
  boton.addEventListener('click', () => adjuntos[boton.dataset.adjunto]());
}
for (const id of ['foto', 'archivo']) {
  $(id).addEventListener('change', async () => {
    const [archivo] = $(id).files;
    const texto = $('texto').value.trim();
    const enviado = archivo && await intentar(() => mandarArchivo(usuario, archivo, id === 'foto', texto));
    if (enviado) $('texto').value = '';
    $(id).value = '';
  });
}
$('envio').addEventListener('submit', (evento) => { evento.preventDefault(); enviarTexto(); });
$('texto').addEventListener('keydown', (evento) => {
  if (evento.key === 'Enter' && !evento.shiftKey && !evento.isComposing) {
    evento.preventDefault();
    enviarTexto();
  }
});
$('nueva').addEventListener('submit', async (evento) => {
  evento.preventDefault();
  const nombre = $('nueva-nombre').value.trim();
  const quien = Math.max(...nombres.keys()) + 1;
  if (nombre && await intentar(() => hacer(quien, {nombre, texto: '/start'}))) elegir(quien);
  $('nueva-nombre').value = '';
});
$('grande').addEventListener('click', () => (
  chat.persona.bloqueado ? intentar(() => bloquear(usuario, false)) : mandar({texto: '/start'})
));
$('bloquear').addEventListener('click', () => intentar(() => bloquear(usuario, true)));
$('contacto-cancelar').addEventListener('click', () => $('contacto').close());
$('contacto-enviar').addEventListener('click', () => {
  const propio = $('contacto-propio').checked;
  const telefono = $('contacto-telefono').value.trim();
  const nombre = propio ? nombres.get(usuario) : 'Otra persona';
  mandar({contacto: {telefono, nombre, ...(propio ? {usuario} : {})}});
  $('contacto').close();
});
$('alerta-cerrar').addEventListener('click', () => $('alerta').close());

const eventos = new EventSource('/telegram/eventos');
eventos.onmessage = refrescar;
eventos.onerror = () => decir('El simulador está detenido. Vuelvo a intentar…');
