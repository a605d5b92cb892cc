// Words of people and of the business as nodes: always text, never markup.

export function crear(etiqueta, clase, ...hijos) {
  const nodo = document.createElement(etiqueta);
  if (clase) nodo.className = clase;
  nodo.append(...hijos.filter((uno) => uno !== null && uno !== undefined && uno !== ''));
  return nodo;
}

// *fuerte*, _énfasis_ and ~tachado~ count between words only.
const entre = (signo) => {
  const palabra = `[\\p{L}\\p{N}${signo}]`;
  const dentro = `(?=\\S)([^${signo}\\n]*[^\\s${signo}])`;
  return new RegExp(`(?<!${palabra})[${signo}]${dentro}[${signo}](?!${palabra})`, 'u');
};
const con = (etiqueta) => (uno) => crear(etiqueta, '', ...formato(uno[1]));
const PARTES = [
  {patron: /```([\s\S]+?)```/u, nodo: (uno) => crear('code', '', uno[1])},
  {patron: /`([^`\n]+)`/u, nodo: (uno) => crear('code', '', uno[1])},
  {patron: /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]*_~']/u, nodo: (uno) => enlace(uno[0])},
  {patron: entre('*'), nodo: con('strong')},
  {patron: entre('_'), nodo: con('em')},
  {patron: entre('~'), nodo: con('s')},
];

function enlace(url) {
  const nodo = crear('a', '', url);
  nodo.href = url;
  nodo.target = '_blank';
  nodo.rel = 'noopener noreferrer';
  return nodo;
}

export function formato(texto) {
  const nodos = [];
  let resto = texto;
  while (resto) {
    let primero = null;
    for (const {patron, nodo} of PARTES) {
      const hallado = patron.exec(resto);
      if (hallado && (!primero || hallado.index < primero.hallado.index)) primero = {hallado, nodo};
    }
    if (!primero) break;
    const {hallado, nodo} = primero;
    if (hallado.index) nodos.push(resto.slice(0, hallado.index));
    nodos.push(nodo(hallado));
    resto = resto.slice(hallado.index + hallado[0].length);
  }
  if (resto) nodos.push(resto);
  return nodos;
}

export function simple(texto) {
  return crear('span', '', ...formato(texto)).textContent.replace(/\s+/g, ' ');
}

const LUGAR = {timeZone: 'America/Santiago'};
const HORA = new Intl.DateTimeFormat('es-CL', {...LUGAR, hour: '2-digit', minute: '2-digit', hour12: false});
const FECHA = new Intl.DateTimeFormat('es-CL', {...LUGAR, day: 'numeric', month: 'long', year: 'numeric'});

export const hora = (texto) => HORA.format(new Date(texto));
export const fecha = (texto) => FECHA.format(new Date(texto));

export function numero(telefono) {
  const chileno = /^\+56(\d)(\d{4})(\d{4})$/.exec(telefono);
  return chileno ? `+56 ${chileno[1]} ${chileno[2]} ${chileno[3]}` : telefono;
}

export function tamano(bytes) {
  const miles = bytes / 1024;
  const [cuanto, unidad] = miles < 1 ? [bytes, 'B'] : miles < 1024 ? [miles, 'kB'] : [miles / 1024, 'MB'];
  const cifras = {maximumFractionDigits: cuanto < 10 && unidad !== 'B' ? 1 : 0};
  return `${cuanto.toLocaleString('es-CL', cifras)} ${unidad}`;
}
