// What messages are made of: elements, files, buttons.

export function crear(etiqueta, clase, texto) {
  const el = document.createElement(etiqueta);
  if (clase) el.className = clase;
  if (texto !== undefined) el.textContent = texto;
  if (etiqueta === 'button') el.type = 'button';
  return el;
}

/** A picture to look at, or a document to save; both are gone after some weeks. */
export function adjunto({imagen, documento, archivo}, texto = '') {
  const enlace = crear('a', imagen ? 'imagen' : 'documento');
  enlace.href = imagen || documento;
  if (imagen) {
    const foto = crear('img');
    foto.src = imagen;
    // What the chart shows, as its caption begins; the figures are in the caption itself.
    foto.alt = texto ? `Gráfico: ${texto.split('\n')[0].replaceAll('*', '')}` : archivo;
    foto.width = 1080;
    foto.height = 810;
    foto.addEventListener('error', () => enlace.replaceWith(crear('p', 'ido', `${archivo} ya no está`)));
    enlace.target = '_blank';
    enlace.append(foto);
  } else {
    enlace.download = archivo;
    const tipo = crear('span', 'tipo', archivo.split('.').pop());
    tipo.setAttribute('aria-hidden', 'true');
    enlace.append(tipo, crear('span', '', archivo));
  }
  return enlace;
}

/** A next step, with what it is for if it is a row of a list. */
export function opcion(b, alPulsar) {
  const chip = crear('button', 'boton', b.titulo);
  if (b.descripcion) chip.append(crear('small', '', b.descripcion));
  let ultimo = 0;
  chip.addEventListener('click', () => {
    if (Date.now() - ultimo < 1000) return; // a double tap is one press
    ultimo = Date.now();
    alPulsar(b);
  });
  return chip;
}
