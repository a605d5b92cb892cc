// Messages as bubbles. Whatever somebody wrote is only ever put in as text.

const ETIQUETAS = {
  bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre',
  blockquote: 'blockquote', bot_command: 'span', spoiler: 'span',
};

const TITULOS = {contacto: 'Contacto', voz: 'Mensaje de voz', ubicacion: 'Ubicación'};

export function crear(etiqueta, texto = '', clase = '') {
  const nodo = document.createElement(etiqueta);
  nodo.textContent = texto;
  if (clase) nodo.className = clase;
  return nodo;
}

function enlace(url, clase) {
  const nodo = crear('a', '', clase);
  if (/^https?:\/\//i.test(url)) nodo.href = url;
  nodo.target = '_blank';
  nodo.rel = 'noopener noreferrer';
  return nodo;
}

function envolver(nodo, entidad) {
  const capa = entidad.type === 'text_link' && entidad.url
    ? enlace(entidad.url)
    : crear(ETIQUETAS[entidad.type] || 'span', '', entidad.type);
  capa.append(nodo);
  return capa;
}

// Entities overlap, so the text is cut wherever one of them begins or ends.
function conFormato(texto, formato) {
  const cortes = new Set([0, texto.length]);
  for (const {offset, length} of formato) {
    cortes.add(Math.min(offset, texto.length)).add(Math.min(offset + length, texto.length));
  }
  const lugares = [...cortes].sort((a, b) => a - b);
  return lugares.slice(0, -1).map((desde, i) => formato
    .filter((una) => una.offset <= desde && desde < una.offset + una.length)
    .reverse()
    .reduce(envolver, document.createTextNode(texto.slice(desde, lugares[i + 1]))));
}

function tamano(bytes) {
  const cifra = (valor, unidad) => `${valor.toLocaleString('es-CL', {maximumFractionDigits: 1})} ${unidad}`;
  if (bytes < 1024) return cifra(bytes, 'B');
  return bytes < 1048576 ? cifra(bytes / 1024, 'KB') : cifra(bytes / 1048576, 'MB');
}

function adjunto(mensaje) {
  if (mensaje.imagen) {
    const imagen = crear('img');
    imagen.src = mensaje.imagen;
    imagen.alt = mensaje.texto ? '' : 'Foto';
    return imagen;
  }
  if (mensaje.documento) {
    const nodo = crear('a', '', 'documento');
    nodo.href = mensaje.documento;
    nodo.download = mensaje.nombre;
    const datos = crear('span', '', 'datos');
    datos.append(crear('b', mensaje.nombre), crear('small', tamano(mensaje.tamano)));
    nodo.append(crear('span', '↓', 'icono'), datos);
    return nodo;
  }
  const titulo = TITULOS[mensaje.tipo];
  return titulo ? crear('b', titulo, 'titulo') : null;
}

function botones(mensaje, apretar) {
  const caja = crear('div', '', 'botones');
  let desde = 0;
  for (const cuantos of mensaje.filas) {
    const fila = crear('div', '', 'fila');
    for (const uno of mensaje.botones.slice(desde, desde + cuantos)) {
      const nodo = uno.url ? enlace(uno.url, 'boton') : crear('button', '', 'boton');
      nodo.textContent = uno.url ? `${uno.titulo} ↗` : uno.titulo;
      if (!uno.url) {
        nodo.type = 'button';
        nodo.addEventListener('click', () => apretar(mensaje, uno));
      }
      fila.append(nodo);
    }
    caja.append(fila);
    desde += cuantos;
  }
  return caja;
}

export function burbuja(mensaje, apretar) {
  const nodo = crear('article', '', `${mensaje.de} ${mensaje.tipo}`);
  nodo.dataset.id = mensaje.id;
  const globo = crear('div', '', 'globo');
  const extra = adjunto(mensaje);
  if (extra) globo.append(extra);
  if (mensaje.texto) {
    const texto = crear('p', '', 'texto');
    texto.append(...conFormato(mensaje.texto, mensaje.formato));
    globo.append(texto);
  }
  const hora = `${mensaje.editado ? 'editado ' : ''}${mensaje.hora.slice(0, 5)}`;
  globo.append(crear('small', mensaje.de === 'persona' ? `${hora} ✓✓` : hora, 'hora'));
  nodo.append(globo);
  if (mensaje.botones.length) nodo.append(botones(mensaje, apretar));
  return nodo;
}
