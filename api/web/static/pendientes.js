// Questions that still wait for their answer, whichever window they were asked in.

const PACIENCIA_MS = 120000;

/** alCambiar() after every change. */
export function crearPendientes({alCambiar}) {
  const esperan = new Map(); // number of the question → timer
  const listas = new Set(); // what was answered stays answered, in whatever order we are told
  const tarde = new Set();

  function soltar(id) {
    clearTimeout(esperan.get(id));
    esperan.delete(id);
    tarde.delete(id);
  }

  return {
    /** A message of either side; both know whether the question waits. */
    anotar({id, responde_a: pregunta, pendiente}) {
      const cual = pregunta ?? id;
      if (pendiente === undefined || cual === undefined || listas.has(cual)) return;
      if (!pendiente) {
        listas.add(cual);
        soltar(cual);
        alCambiar();
      } else if (!esperan.has(cual)) {
        esperan.set(cual, setTimeout(() => { tarde.add(cual); alCambiar(); }, PACIENCIA_MS));
        alCambiar();
      }
    },
    vaciar() {
      for (const id of [...esperan.keys()]) soltar(id);
      listas.clear();
    },
    get hay() { return esperan.size > tarde.size; },
    get tardan() { return tarde.size > 0; },
  };
}
