// Outgoing messages: one request at a time, in order, retried with the same id_mensaje.

import * as api from './api.js';
import {uuid} from './formato.js';
import * as vista from './vista.js';

const ESPERAS = [1000, 2000, 4000];

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

/** alResponder(r), alVencer() and alCambiar(enviando) tell the page what happened. */
export function crearCola({alResponder, alVencer, alCambiar}) {
  let cola = [];
  let enviando = false;
  let turno = 0; // changes when the session does: late answers are ignored

  function agregar(texto, boton) {
    const item = {texto, cuerpo: {id_mensaje: uuid(), ...(boton ? {boton: boton.id} : {mensaje: texto})}};
    item.el = vista.agregarPropio(texto);
    vista.estado(item.el, 'espera');
    cola.push(item);
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
      marcar(item, intento ? 'reintentando' : 'enviando');
      try {
        const r = await api.enviar(item.cuerpo);
        if (mio !== turno) return;
        cola.shift();
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
        if (e.pasajero && intento < ESPERAS.length) {
          alCambiar(false);
          marcar(item, 'reintentando');
          await pausa(e.esperar * 1000 || ESPERAS[intento]);
          if (mio !== turno) return;
          alCambiar(true);
          continue;
        }
        fallar(item, e);
        return;
      }
    }
  }

  /** A network failure keeps its place and holds the rest; a refusal lets the others go on. */
  function fallar(item, e) {
    if (!e.pasajero) {
      cola.shift();
      item.el.classList.remove('en-cola');
    }
    marcar(item, 'fallido', {
      motivo: e.deRed ? 'Revisa tu conexión a internet.' : e.message,
      reintentar: () => {
        if (!cola.includes(item)) {
          cola.push(item);
          vista.ponerAlFinal(item.el);
        }
        marcar(item, 'espera');
        document.getElementById('mensaje').focus({preventScroll: true});
        trabajar();
      },
      descartar: () => {
        cola = cola.filter((x) => x !== item);
        vista.quitar(item.el);
        document.getElementById('mensaje').focus({preventScroll: true});
        trabajar();
      },
    });
  }

  window.addEventListener('online', reanudar);

  return {
    agregar,
    get enviando() { return enviando; },
    /** The session ended: nothing more leaves, but what was pending stays for the same person. */
    detener() {
      turno++;
      enviando = false;
    },
    vaciar() {
      turno++;
      enviando = false;
      cola = [];
    },
    /** After logging in again, the pending bubbles come back and leave in order. */
    reponer() {
      for (const item of cola) {
        item.el = vista.agregarPropio(item.texto);
        marcar(item, 'espera');
      }
      trabajar();
    },
  };
}
