// What the portal's pages do beyond HTML: tell of errors, and show how far an upload is.

const tostada = document.getElementById('tostada');
let reloj = 0;

function decir(texto) {
  clearTimeout(reloj);
  tostada.textContent = texto;
  tostada.hidden = false;
  reloj = setTimeout(() => { tostada.hidden = true; }, 8000);
}

document.body.addEventListener('htmx:sendError', () => decir('No pudimos conectarnos. Revisa tu conexión a internet.'));
document.body.addEventListener('htmx:timeout', () => decir('Está tomando demasiado. Intenta de nuevo.'));
document.body.addEventListener('htmx:responseError', ({detail}) => {
  decir(detail.xhr.status === 429 ? 'Hiciste muchos intentos seguidos. Espera un momento.'
    : 'Algo falló de nuestro lado. Intenta de nuevo en un momento.');
});

// The name of the chosen file, and how much of it has gone out.
document.body.addEventListener('change', ({target}) => {
  if (target.type !== 'file') return;
  const zona = target.closest('.zona');
  zona.classList.toggle('con-archivo', target.files.length > 0);
  zona.querySelector('.zona-texto').textContent = target.files[0]?.name ?? 'Elige un PDF';
});
document.body.addEventListener('htmx:xhr:progress', ({target, detail}) => {
  const avance = target.querySelector?.('.avance');
  if (!avance || !detail.lengthComputable) return;
  avance.hidden = false;
  const parte = Math.round((detail.loaded / detail.total) * 100);
  avance.querySelector('progress').value = parte;
  avance.querySelector('.avance-texto').textContent = parte < 100 ? `Subiendo: ${parte} %` : 'Subido; empiezo a leerlo…';
});

// After a part of the page was replaced, people with a screen reader are told that something is new there.
document.body.addEventListener('htmx:afterSettle', ({detail}) => {
  if (detail.elt.id === 'contenido') detail.elt.focus({preventScroll: true});
});

// On a wide screen the chat opens beside the page, and stays there from page to page.
const ancho = matchMedia('(min-width: 1200px)');
const lado = document.getElementById('lado');
const marco = lado.querySelector('iframe');

function conversar(pedido = '') {
  const abierto = !lado.hidden;
  lado.hidden = false;
  document.body.classList.add('con-lado');
  sessionStorage.setItem('lado', 'abierto');
  if (abierto) marco.contentWindow.location.hash = pedido;
  else marco.src = `/chat${pedido}`;
}

document.getElementById('lado-cerrar').addEventListener('click', () => {
  lado.hidden = true;
  marco.removeAttribute('src');
  document.body.classList.remove('con-lado');
  sessionStorage.removeItem('lado');
  document.querySelector('.lugares a[href="/chat"]').focus();
});
document.body.addEventListener('click', (e) => {
  const enlace = e.target.closest('a[href^="/chat"]:not([data-aparte])');
  if (!enlace || !ancho.matches || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  conversar(new URL(enlace.href).hash);
});
document.querySelector('form[action="/salir"]').addEventListener('submit', () => sessionStorage.removeItem('lado'));
if (ancho.matches && sessionStorage.getItem('lado')) conversar();
