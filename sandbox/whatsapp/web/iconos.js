// Drawings as nodes: no file per icon, no markup from strings.

const TRAZOS = {
  mas: 'M19 13h-6v6h-2v-6H5v-2h6V5h2v6h6z',
  volver: 'M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z',
  cerrar: 'M19 6.4 17.6 5 12 10.6 6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12z',
  menu: 'M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4m0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4',
  clip: 'M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5a2.5 2.5 0 0 0 5 0V5a4 4'
    + ' 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z',
  enviar: 'M3 20.5v-6.8L12 12 3 10.3V3.5L22 12z',
  bajar: 'M7.4 8.6 12 13.2l4.6-4.6L18 10l-6 6-6-6z',
  descargar: 'M5 20h14v-2H5zM19 9h-4V3H9v6H5l7 7z',
  responder: 'M10 9V5l-7 7 7 7v-4.1c5 0 8.5 1.6 11 5.1-1-5-4-10-11-11z',
  lista: 'M4 6h2v2H4zm4 0h12v2H8zM4 11h2v2H4zm4 0h12v2H8zm-4 5h2v2H4zm4 0h12v2H8z',
  copiar: 'M16 1H4a2 2 0 0 0-2 2v14h2V3h12zm3 4H8a2 2 0 0 0-2 2v14c0 1.1.9 2 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0'
    + '-2-2m0 16H8V7h11z',
  abrir: 'M19 19H5V5h7V3H5a2 2 0 0 0-2 2v14c0 1.1.9 2 2 2h14a2 2 0 0 0 2-2v-7h-2zM14 3v2h3.6l-9.8 9.8 1.4'
    + ' 1.4L19 6.4V10h2V3z',
  lugar: 'M12 2a7 7 0 0 0-7 7c0 5.3 7 13 7 13s7-7.7 7-13a7 7 0 0 0-7-7m0 9.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1'
    + ' 0 5',
  persona: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m0 2c-2.7 0-8 1.3-8 4v2h16v-2c0-2.7-5.3-4-8-4',
  archivo: 'M6 2a2 2 0 0 0-2 2v16c0 1.1.9 2 2 2h12a2 2 0 0 0 2-2V8l-6-6zm7 7V3.5L18.5 9z',
  insignia: 'm23 12-2.4-2.8.3-3.7-3.6-.8-1.9-3.2L12 3 8.6 1.5 6.7 4.7l-3.6.8.3 3.7L1 12l2.4 2.8-.3 3.7 3.6.8'
    + ' 1.9 3.2L12 21l3.4 1.5 1.9-3.2 3.6-.8-.3-3.7zM10.1 16.7l-3.8-3.8 1.5-1.5 2.3 2.3 5.8-5.8 1.5 1.5z',
};

function dibujo(trazo, ancho, alto, caja) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', caja);
  svg.setAttribute('width', ancho);
  svg.setAttribute('height', alto);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', trazo);
  svg.append(path);
  return svg;
}

export function icono(nombre, lado = 24) {
  return dibujo(TRAZOS[nombre], lado, lado, '0 0 24 24');
}

const UNA = 'M11 1.2 4.6 8.6 1.5 5.7.5 6.8l4.2 3.9L12.2 2.2z';
const DOS = `${UNA}M15.5 1.2 9.1 8.6 8.3 7.9 7.3 9.1l1.9 1.6L16.7 2.2z`;
const PALABRAS = {sent: 'Enviado', delivered: 'Entregado', read: 'Leído', failed: 'No entregado'};

export function marca(estado) {
  const nodo = document.createElement('span');
  nodo.className = estado === 'read' ? 'marca leido' : 'marca';
  nodo.setAttribute('role', 'img');
  nodo.setAttribute('aria-label', PALABRAS[estado]);
  nodo.title = PALABRAS[estado];
  nodo.append(dibujo(estado === 'sent' ? UNA : DOS, 17, 11, '0 0 17 11'));
  return nodo;
}
