// Pure helpers: RUT, dates in Chile, WhatsApp-style text and identifiers.

const ZONA = 'America/Santiago';
const HORA = new Intl.DateTimeFormat('es-CL', {timeZone: ZONA, hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const DIA = new Intl.DateTimeFormat('en-CA', {timeZone: ZONA, year: 'numeric', month: '2-digit', day: '2-digit'});
const CERCANO = new Intl.DateTimeFormat('es-CL', {timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long'});
const LEJANO = new Intl.DateTimeFormat('es-CL', {timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric'});
const NUMERO = new Intl.NumberFormat('es-CL', {useGrouping: true});
const MESES = ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto',
  'septiembre', 'octubre', 'noviembre', 'diciembre'];

/** Digits and final K only, at most nine characters. */
export function limpiarRut(texto) {
  const s = texto.toUpperCase().replace(/[^0-9K]/g, '').replace(/^[0K]+/, '');
  return (s.slice(0, -1).replace(/K/g, '') + s.slice(-1)).slice(0, 9);
}

/** "761920839" → "76.192.083-9" */
export function formatearRut(texto) {
  const s = limpiarRut(texto);
  if (s.length < 2) return s;
  return `${s.slice(0, -1).replace(/\B(?=(\d{3})+$)/g, '.')}-${s.slice(-1)}`;
}

/** "76.192.083-9" → "76192083-9", the form that travels to the server. */
export function rutCanonico(texto) {
  const s = limpiarRut(texto);
  return `${s.slice(0, -1)}-${s.slice(-1)}`;
}

export function rutValido(texto) {
  const s = limpiarRut(texto);
  if (s.length < 2) return false;
  let suma = 0;
  let factor = 2;
  for (let i = s.length - 2; i >= 0; i--) {
    suma += Number(s[i]) * factor;
    factor = factor === 7 ? 2 : factor + 1;
  }
  return s.slice(-1) === '0123456789K'[(11 - (suma % 11)) % 11];
}

/** Formats a RUT input while typing and keeps the caret where the person left it. */
export function formatearCampoRut(campo) {
  const antes = campo.value.slice(0, campo.selectionStart ?? campo.value.length);
  const alFinal = antes.length === campo.value.length;
  const previos = antes.replace(/[^0-9kK]/g, '').length;
  const nuevo = formatearRut(campo.value);
  if (nuevo === campo.value) return;
  campo.value = nuevo;
  let pos = nuevo.length;
  if (!alFinal) {
    for (let i = 0, vistos = 0; i <= nuevo.length; i++) {
      if (vistos === previos) { pos = i; break; }
      if (/[0-9K]/.test(nuevo[i])) vistos++;
    }
  }
  if (document.activeElement === campo) campo.setSelectionRange(pos, pos);
}

export const numero = (n) => NUMERO.format(n);
export const hora = (fecha) => HORA.format(fecha);
/** Day in Chile as AAAA-MM-DD. */
export const dia = (fecha) => DIA.format(fecha);

/** "hoy", "ayer", "lunes 3 de noviembre" or "3 de noviembre de 2025". */
export function etiquetaDia(clave, ahora = new Date()) {
  const hoy = dia(ahora);
  if (clave === hoy) return 'hoy';
  const fecha = new Date(`${clave}T12:00:00Z`);
  const pasados = Math.round((new Date(`${hoy}T12:00:00Z`) - fecha) / 86400000);
  if (pasados === 1) return 'ayer';
  if (pasados > 0 && pasados < 300) return CERCANO.format(fecha).replace(',', '');
  return LEJANO.format(fecha);
}

/** "2023-09" → "septiembre de 2023" */
export function nombrePeriodo(periodo) {
  const [anio, mes] = periodo.split('-');
  return `${MESES[Number(mes) - 1]} de ${anio}`;
}

export const periodoActual = () => dia(new Date()).slice(0, 7);

/** Reads SII's own file name: RCV_COMPRA_REGISTRO_76354771-K_201906.csv */
export function leerNombreSii(nombre) {
  const m = /RCV_(VENTA|COMPRA)S?(?:_(REGISTRO|PENDIENTES?|NO_INCLUIR|RECLAMADOS?))?_(\d{6,8}-[\dK])_(\d{4})(0[1-9]|1[0-2])/i.exec(nombre);
  if (!m) return null;
  return {
    tipo: m[1].toUpperCase() === 'VENTA' ? 'ventas' : 'compras',
    estado: m[2] ? m[2].toUpperCase().replace(/(PENDIENTE|RECLAMADO)S$/, '$1') : 'REGISTRO',
    rut: m[3],
    periodo: `${m[4]}-${m[5]}`,
  };
}

/** Text with *bold* and lines in _italics_ as DOM nodes, as WhatsApp writes them; never parsed as HTML.
 * Addresses are not made into links: names that others chose (clients, suppliers) are in the answers. */
export function nodosDeTexto(texto) {
  const fragmento = document.createDocumentFragment();
  texto.split('\n').forEach((linea, numero) => {
    if (numero) fragmento.append('\n');
    const cursiva = /^_(.+)_$/u.exec(linea);
    if (!cursiva) return ponerNegritas(fragmento, linea);
    const nodo = document.createElement('em');
    ponerNegritas(nodo, cursiva[1]);
    fragmento.append(nodo);
  });
  return fragmento;
}

function ponerNegritas(padre, linea) {
  const patron = /(^|[\s¡¿([{"'«:,;.\-–—•_])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\p{L}\p{N}*])/gu;
  let desde = 0;
  for (let m = patron.exec(linea); m; m = patron.exec(linea)) {
    const nodo = document.createElement('strong');
    nodo.textContent = m[2];
    padre.append(linea.slice(desde, m.index) + m[1], nodo);
    desde = m.index + m[0].length;
  }
  padre.append(linea.slice(desde));
}

/** UUID v4; randomUUID exists only on secure origins. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
