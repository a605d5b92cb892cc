// One message as a bubble: what it says, what it carries, what can be tapped.

import {crear, formato, hora, simple, tamano} from './formato.js';
import {icono, marca} from './iconos.js';

const RESUMENES = {image: 'Foto', document: 'Documento', audio: 'Audio', video: 'Video', sticker: 'Sticker',
  location: 'Ubicación', contacts: 'Contacto'};

export function resumen(mensaje) {
  if (mensaje.tipo === 'reaction') {
    return mensaje.texto ? `Reaccionó ${mensaje.texto}` : 'Quitó su reacción';
  }
  const nombre = mensaje.documento?.nombre ? mensaje.documento.nombre : RESUMENES[mensaje.tipo];
  return simple(mensaje.texto) || nombre || 'Mensaje';
}

function opcion(nombre, titulo, al_tocar) {
  const boton = crear('button', 'opcion', icono(nombre, 18), crear('span', '', titulo));
  boton.type = 'button';
  boton.addEventListener('click', () => al_tocar(boton));
  return boton;
}

async function copiar(codigo, boton) {
  try {
    await navigator.clipboard.writeText(codigo);
    boton.lastChild.textContent = 'Copiado';
  } catch {
    boton.lastChild.textContent = codigo;
  }
  setTimeout(() => { boton.lastChild.textContent = 'Copiar código'; }, 2500);
}

function opciones(mensaje, actos) {
  const nodos = (mensaje.botones ?? []).map((uno) =>
    opcion('responder', uno.titulo, () => actos.enviar({boton: uno.id, respuesta_a: mensaje.id})));
  if (mensaje.lista) {
    nodos.push(opcion('lista', mensaje.lista.boton, () => actos.abrirLista(mensaje)));
  }
  if (mensaje.codigo) {
    nodos.push(opcion('copiar', 'Copiar código', (boton) => copiar(mensaje.codigo, boton)));
  }
  if (mensaje.enlace) {
    const nodo = crear('a', 'opcion', icono('abrir', 18), crear('span', '', mensaje.enlace.titulo));
    nodo.href = mensaje.enlace.url;
    nodo.target = '_blank';
    nodo.rel = 'noopener noreferrer';
    nodos.push(nodo);
  }
  return nodos.length ? crear('div', 'opciones', ...nodos) : null;
}

function foto(archivo, clase, pie) {
  if (!archivo.mime) return documento({...archivo, nombre: archivo.url, tamano: 0});
  const img = crear('img');
  img.src = archivo.url;
  img.alt = pie ? simple(pie) : 'Imagen';
  const nodo = crear('a', clase, img);
  nodo.href = archivo.url;
  nodo.target = '_blank';
  nodo.rel = 'noopener';
  return nodo;
}

function documento(archivo) {
  const punto = archivo.nombre.lastIndexOf('.');
  const tipo = punto > 0 ? archivo.nombre.slice(punto + 1).toLowerCase().slice(0, 4) : 'doc';
  const conocido = ['pdf', 'xls', 'xlsx', 'csv'].includes(tipo) ? ` ${tipo}` : '';
  const detalle = archivo.tamano ? `${tipo.toUpperCase()} · ${tamano(archivo.tamano)}` : 'Enlace';
  const hoja = crear('span', `hoja${conocido}`, tipo);
  const titulo = crear('b', '', archivo.nombre || 'Documento');
  const datos = crear('span', '', titulo, crear('small', '', detalle));
  const nodo = crear('a', 'documento', hoja, datos, icono('descargar', 22));
  nodo.href = archivo.url;
  nodo.download = archivo.nombre;
  nodo.setAttribute('aria-label', `Descargar ${archivo.nombre}, ${detalle}`);
  return nodo;
}

function sonido(etiqueta, archivo) {
  const nodo = crear(etiqueta);
  nodo.controls = true;
  nodo.src = archivo.url;
  return nodo;
}

function carga(mensaje) {
  if (mensaje.imagen) return [foto(mensaje.imagen, mensaje.texto ? 'imagen' : 'imagen sola', mensaje.texto)];
  if (mensaje.sticker) return [foto(mensaje.sticker, 'imagen sola', 'Sticker')];
  if (mensaje.documento) return [documento(mensaje.documento)];
  if (mensaje.audio) return [sonido('audio', mensaje.audio)];
  if (mensaje.video) return [sonido('video', mensaje.video)];
  if (mensaje.ubicacion) {
    const {nombre, direccion, latitud, longitud} = mensaje.ubicacion;
    const donde = crear('small', '', direccion || `${latitud}, ${longitud}`);
    return [crear('div', 'suelto', icono('lugar'), crear('div', '', nombre || 'Ubicación', donde))];
  }
  return (mensaje.contactos ?? []).map((uno) => {
    const telefonos = crear('small', '', uno.telefonos.join(', '));
    return crear('div', 'suelto', icono('persona'), crear('div', '', uno.nombre, telefonos));
  });
}

function cita(original, negocio) {
  if (!original) return null;
  const quien = original.de === 'persona' ? 'Tú' : negocio;
  return crear('blockquote', 'cita', crear('b', '', quien), crear('span', '', resumen(original)));
}

export function burbuja(mensaje, {actos, buscar, negocio}) {
  const clases = ['burbuja', mensaje.de, mensaje.sticker ? 'sticker' : ''];
  const pie = crear('span', 'hora', hora(mensaje.hora));
  if (mensaje.de === 'persona') pie.append(marca(mensaje.estado));
  const tapas = opciones(mensaje, actos);
  if (tapas) clases.push('ancha');
  const texto = mensaje.texto ? crear('p', 'texto', ...formato(mensaje.texto)) : null;
  const cuerpo = crear('div', 'cuerpo', cita(buscar(mensaje.respuesta_a), negocio),
    mensaje.encabezado ? crear('p', 'encabezado', mensaje.encabezado) : null, texto,
    mensaje.pie ? crear('p', 'pie', mensaje.pie) : null, pie);
  const nodo = crear('article', clases.filter(Boolean).join(' '), ...carga(mensaje), cuerpo, tapas);
  nodo.dataset.id = mensaje.id;
  nodo.setAttribute('aria-label', `${mensaje.de === 'persona' ? 'Tú' : negocio}, ${hora(mensaje.hora)}`);
  return nodo;
}

export function ponerEstado(nodo, mensaje) {
  const antes = nodo.querySelector('.hora .marca');
  if (antes) antes.replaceWith(marca(mensaje.estado));
}

export function fallo(mensaje) {
  const {code, title} = mensaje.error ?? {};
  return crear('p', 'ficha error', `Un mensaje no se entregó: ${code ?? ''} ${title ?? ''}`);
}

export function ponerReaccion(nodo, emoji) {
  nodo.querySelector('.reaccion')?.remove();
  if (emoji) nodo.append(crear('span', 'reaccion', emoji));
}

export function escribiendo() {
  const puntos = crear('div', 'puntos', crear('i'), crear('i'), crear('i'));
  const nodo = crear('article', 'burbuja negocio corta', puntos);
  nodo.id = 'escribiendo';
  nodo.setAttribute('aria-label', 'Escribiendo');
  return nodo;
}
