// Outgoing messages: one request at a time, in order, retried with the same id_mensaje. What is not sent yet
// survives a reload of its window, and nothing else: it is in sessionStorage.

import * as api from './api.js';
import {uuid} from './formato.js';
import * as vista from './vista.js';

const ESPERAS = [1000, 2000, 4000];
const SIN_RED_MS = 15000;
const LLAVE = 'tributa.por-enviar';

/** Waits, or less if the network comes back. */
function pausa(ms) {
  return new Promise((resolver) => {
    const listo = () => {
      clearTimeout(reloj);
      window.removeEventListener('online', listo);
      resolver();
    };
    const reloj = setTimeout(listo, ms);
    window.addEventListener('online', listo);
  });
}

function leer(rut) {
  try {
    const guardado = JSON.parse(sessionStorage.getItem(LLAVE));
    return guardado?.rut === rut ? guardado.items : [];
  } catch {
    return [];
  }
}

/** alResponder(r), alVencer() and alCambiar(enviando) tell the page what happened; quien() is the RUT. */
export function crearCola({alResponder, alVencer, alCambiar, quien}) {
  let cola = [];
  let enviando = false;
  let turno = 0; // changes when the session does: late answers are ignored

  function guardar() {
    try {
      const items = cola.map(({texto, cuerpo}) => ({texto, cuerpo}));
      if (items.length) sessionStorage.setItem(LLAVE, JSON.stringify({rut: quien(), items}));
      else sessionStorage.removeItem(LLAVE);
    } catch { /* without storage a reload loses what was not sent, as it says while it waits */ }
  }

  function sacar(item) {
    cola = cola.filter((x) => x !== item);
    guardar();
  }

  function agregar(texto, boton) {
    const item = {texto, cuerpo: {id_mensaje: uuid(), ...(boton ? {boton: boton.id} : {mensaje: texto})}};
    item.el = vista.agregarPropio(texto);
    vista.estado(item.el, 'espera');
    cola.push(item);
    guardar();
    reanudar();
  }

  function reanudar() {
    if (cola[0]?.fallido) marcar(cola[0], 'espera');
    trabajar();
  }

  function marcar(item, estado, extra) {
    item.fallido = estado === 'fallido';
    vista.estado(item.el, estado, extra);
  }

  async function trabajar() {
    if (enviando) return;
    enviando = true;
    const mio = turno;
    while (mio === turno && cola.length && !cola[0].fallido) {
      alCambiar(true);
      await despachar(cola[0], mio);
    }
    if (mio !== turno) return;
    enviando = false;
    alCambiar(false);
  }

  async function despachar(item, mio) {
    for (let intento = 0; ; intento++) {
      if (!await conRed(item, mio)) return;
      marcar(item, intento ? 'reintentando' : 'enviando');
      try {
        const r = await api.enviar(item.cuerpo);
        if (mio !== turno) return;
        sacar(item);
        vista.confirmar(item.el, r.persona);
        alResponder(r);
        return;
      } catch (e) {
        if (mio !== turno) return;
        if (!(e instanceof api.ErrorApi)) throw e;
        if (e.vencida) {
          alVencer();
          return;
        }
        if (item.recibido && e.pasajero) { // its answer comes by itself
          sacar(item);
          return;
        }
        if (e.pasajero && intento < ESPERAS.length) {
          alCambiar(false);
          marcar(item, 'reintentando');
          await pausa(e.esperar * 1000 || ESPERAS[intento]);
          if (mio !== turno) return;
          if (item.recibido) {
            sacar(item);
            return;
          }
          alCambiar(true);
          continue;
        }
        fallar(item, e);
        return;
      }
    }
  }

  /** Without a network nothing is tried, and nothing fails. */
  async function conRed(item, mio) {
    while (navigator.onLine === false && mio === turno) {
      alCambiar(false);
      marcar(item, 'espera');
      await pausa(SIN_RED_MS);
      if (mio === turno) alCambiar(true);
    }
    return mio === turno && cola.includes(item);
  }

  /** A network failure keeps its place and holds the rest; a refusal lets the others go on. */
  function fallar(item, e) {
    if (!e.pasajero) {
      sacar(item);
      item.el.classList.remove('en-cola');
    }
    marcar(item, 'fallido', {
      motivo: e.deRed ? 'Revisa tu conexión a internet.' : e.message,
      reintentar: () => {
        if (!cola.includes(item)) {
          cola.push(item);
          guardar();
          vista.ponerAlFinal(item.el);
        }
        marcar(item, 'espera');
        document.getElementById('mensaje').focus({preventScroll: true});
        trabajar();
      },
      descartar: () => {
        sacar(item);
        vista.quitar(item.el);
        document.getElementById('mensaje').focus({preventScroll: true});
        trabajar();
      },
    });
  }

  window.addEventListener('online', reanudar);

  return {
    agregar,
    reanudar,
    /** The stream tells that the server has it; the answer of its request may be on its way, or lost. */
    confirmar(m) {
      const item = cola.find((x) => x.cuerpo.id_mensaje === m.id_mensaje);
      if (!item) return;
      item.recibido = true;
      vista.confirmar(item.el, m);
      if (!item.fallido) return;
      item.fallido = false;
      sacar(item);
      trabajar();
    },
    /** The session ended: nothing more leaves, but what was pending stays for the same person. */
    detener() {
      turno++;
      enviando = false;
    },
    vaciar() {
      turno++;
      enviando = false;
      cola = [];
      guardar();
    },
    /** After a reload or a new login the pending bubbles come back and leave in order. */
    reponer(mensajes) {
      const llegaron = new Set(mensajes.map((m) => m.id_mensaje));
      if (!cola.length) cola = leer(quien());
      cola = cola.filter((item) => !llegaron.has(item.cuerpo.id_mensaje));
      guardar();
      for (const item of cola) {
        item.el = vista.agregarPropio(item.texto);
        marcar(item, 'espera');
      }
      trabajar();
    },
  };
}
