// What the simulator saw, every two seconds; all of it is put in as text.

const por = (id) => document.getElementById(id);
const HORA = new Intl.DateTimeFormat('es-CL', {timeStyle: 'medium', timeZone: 'America/Santiago', hour12: false});
const ESTADOS = {
  normal: 'Funciona con normalidad.',
  mantencion: 'En mantención: no responde ninguna consulta.',
  bloqueado: 'La cuenta está bloqueada.',
  clave_mala: 'Dice que la clave es incorrecta, sea cual sea.',
  lento: 'Responde, pero demora 20 segundos.',
};
const REGLAS = {
  ritmo: 'Demasiadas consultas por minuto',
  en_pausa: 'Consultó cuando debía esperar',
  en_bloqueo: 'Consultó con la cuenta bloqueada',
  simultaneas: 'Demasiadas consultas a la vez',
  sesiones_a_la_vez: 'Dos consultas a la vez del mismo RUT',
  maximo_sesiones: 'Más de diez sesiones del mismo RUT',
  clave_repetida: 'Repitió una clave rechazada',
  cuenta_bloqueada: 'Insistió con la cuenta del RUT bloqueada',
};
const RESPUESTAS = {0: 'Conexión cortada', 200: 'Con datos o vacía'};

function fila(...textos) {
  const tr = document.createElement('tr');
  for (const texto of textos) tr.insertCell().textContent = texto;
  return tr;
}

const hora = (momento) => HORA.format(new Date(momento * 1000));
const consulta = (llamada, dte) => llamada.replace('_', ', ') + (dte === null || dte === undefined ? '' : ` ${dte}`);

function decir(visto) {
  const espera = visto.pausa ? ` Faltan ${Math.ceil(visto.pausa.faltan)} segundos.` : '';
  const dicho = ESTADOS[visto.modo] + espera;
  if (por('estado').textContent !== dicho) por('estado').textContent = dicho;
  for (const boton of document.querySelectorAll('[data-modo]')) {
    boton.setAttribute('aria-pressed', String(boton.dataset.modo === visto.modo));
  }
  por('consultas').textContent = Object.values(visto.llamadas).reduce((suma, una) => suma + una, 0);
  por('creditos').textContent = visto.creditos;
  por('violaciones').textContent = visto.violaciones;
  por('hoy').textContent = visto.hoy.split('-').reverse().join('-');
  por('rotas').hidden = !visto.violaciones;
  por('filas-rotas').replaceChildren(...visto.ultimas_violaciones.toReversed().map((una) =>
    fila(hora(una.momento), REGLAS[una.tipo] ?? una.tipo, una.rut, consulta(una.llamada))));
  const hay = visto.ultimas_llamadas.length > 0;
  por('con-consultas').hidden = !hay;
  por('sin-consultas').hidden = hay;
  por('filas-consultas').replaceChildren(...visto.ultimas_llamadas.toReversed().map((una) =>
    fila(hora(una.momento), una.rut, consulta(una.llamada, una.dte), una.periodo,
      RESPUESTAS[una.status] ?? `Error ${una.status}`)));
}

async function pedir(ruta, cuerpo) {
  try {
    const pedido = cuerpo ? {method: 'POST', body: JSON.stringify(cuerpo)} : {};
    const respuesta = await fetch(ruta, pedido);
    if (!respuesta.ok) throw new Error(String(respuesta.status));
    por('aviso').hidden = true;
    return await respuesta.json();
  } catch {
    por('aviso').textContent = 'El simulador no responde: ¿sigue funcionando?';
    por('aviso').hidden = false;
    return null;
  }
}

async function mirar() {
  const visto = await pedir('/_control/estado');
  if (visto) decir(visto);
}

por('modos').addEventListener('click', async (suceso) => {
  const {modo} = suceso.target.dataset;
  if (!modo) return;
  const visto = await pedir('/_control/modo', {modo});
  if (visto) decir(visto);
});
por('pasar-dia').addEventListener('click', async () => {
  await pedir('/_control/avanzar', {dias: 1});
  await mirar();
});
mirar();
setInterval(mirar, 2000);
