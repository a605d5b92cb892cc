// Live messages: the browser's EventSource, and asking now and then while it cannot be had.

import * as api from './api.js';

const AVISO_MS = 4000; // a stream that is just being renewed is no news
const VIDA_MS = 360000; // the server ends each after five minutes: an older one is dead and nobody said so
const ESPERAS = [2000, 4000, 8000, 15000, 30000];

/** alRecibir(mensajes) in order; alVencer() when the session is over; alConexion(hay) when that changes. */
export function crearVivo({alRecibir, alVencer, alConexion}) {
  let activo = false;
  let turno = 0; // changes when the session does: late answers are ignored
  let fuente = null;
  let cursor = 0;
  let intentos = 0;
  let reloj = 0;
  let relojAviso = 0;
  let rut = '';

  function recibir(mensajes) {
    for (const m of mensajes) cursor = Math.max(cursor, m.id);
    alRecibir(mensajes);
  }

  function conexion(hay) {
    if (hay) {
      clearTimeout(relojAviso);
      relojAviso = 0;
      alConexion(true);
    } else if (!relojAviso) {
      relojAviso = setTimeout(() => alConexion(false), navigator.onLine === false ? 0 : AVISO_MS);
    }
  }

  /** All windows of a browser have one session: if it is another taxpayer's now, nothing of it is shown here. */
  function comprobar(contribuyente) {
    const mismo = contribuyente?.rut === rut;
    if (!mismo) alVencer();
    return mismo;
  }

  function soltar() {
    clearTimeout(reloj);
    fuente?.close();
    fuente = null;
  }

  function conectar() {
    soltar();
    if (!activo || navigator.onLine === false) return;
    const esta = new EventSource(`/api/chat/eventos?despues=${cursor}`);
    fuente = esta;
    esta.onopen = () => {
      intentos = 0;
      clearTimeout(reloj);
      reloj = setTimeout(conectar, VIDA_MS);
      conexion(true);
    };
    esta.addEventListener('sesion', (e) => comprobar(JSON.parse(e.data)));
    esta.onmessage = (e) => { if (esta === fuente) recibir([JSON.parse(e.data)]); };
    esta.onerror = () => {
      if (esta !== fuente) return;
      conexion(false);
      if (esta.readyState === EventSource.CLOSED) rechazada();
    };
  }

  /** The browser gave up: too many windows, the server away, or the session over. Asking tells which. */
  async function rechazada() {
    soltar();
    const mio = turno;
    if (!document.hidden) await mirar();
    if (mio === turno) reloj = setTimeout(conectar, ESPERAS[Math.min(intentos++, ESPERAS.length - 1)]);
  }

  async function mirar() {
    const mio = turno;
    try {
      for (let hayMas = true; hayMas;) {
        const datos = await api.leerChat({despues: cursor, limite: 100});
        if (mio !== turno) return;
        conexion(true);
        if (!comprobar(datos.contribuyente)) return;
        recibir(datos.mensajes || []);
        hayMas = Boolean(datos.hay_mas && datos.mensajes?.length);
      }
    } catch (e) {
      if (mio !== turno) return;
      if (e.vencida) alVencer();
      else conexion(false);
    }
  }

  const abierta = () => fuente?.readyState === EventSource.OPEN;

  window.addEventListener('online', conectar);
  window.addEventListener('offline', () => {
    if (!activo) return;
    soltar();
    conexion(false);
  });
  window.addEventListener('pageshow', (e) => { if (e.persisted) conectar(); });
  document.addEventListener('visibilitychange', () => {
    // Phones freeze what is not seen: its stream may be dead without a word. And in another window somebody
    // else may have come in, which a new stream tells before anything is written here.
    if (!document.hidden) conectar();
  });

  return {
    abrir(contribuyente, desde) {
      turno++;
      rut = contribuyente.rut;
      activo = true;
      cursor = desde;
      intentos = 0;
      conectar();
    },
    cerrar() {
      turno++;
      activo = false;
      clearTimeout(relojAviso);
      relojAviso = 0;
      soltar();
    },
    /** Something was stored just now: look, unless it comes by itself. */
    mirar() { if (activo && !abierta()) mirar(); },
  };
}
