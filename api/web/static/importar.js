// The import dialog: file, kind, month and state, upload progress and result.

import {importarRcv} from './api.js';
import {formatearRut, leerNombreSii, limpiarRut, nombrePeriodo, numero, periodoActual, uuid} from './formato.js';
import {crear} from './piezas.js';

const $ = (id) => document.getElementById(id);
const MAX_RECHAZADOS = 50;

/** alImportar() when the chat has news of it; alPreguntar(texto) asks it there; alVencer() goes back to login. */
export function crearImportador({rutEmpresa, disponible, alImportar, alPreguntar, alVencer}) {
  const dialogo = $('dialogo-importar');
  const form = $('form-importar');
  const archivo = $('archivo');
  const tipo = $('tipo');
  const estado = $('estado');
  const periodo = $('periodo');
  const zona = $('zona');
  const resultado = $('importar-resultado');
  let subida = null;
  let envio = {}; // {cual, id}: the same file sent again is the same message

  function abrir(fichero) {
    if (!disponible() || subida) return;
    if (!dialogo.open) {
      if (!resultado.hidden) otraVez();
      periodo.max = periodoActual();
      dialogo.showModal();
      $(fichero ? 'importar-enviar' : 'importar-titulo').focus();
    }
    if (fichero) tomar(fichero);
  }

  function cerrar() {
    subida?.cancelar();
    if (dialogo.open) dialogo.close();
  }

  function otraVez() {
    form.reset();
    form.hidden = false;
    resultado.hidden = true;
    resultado.replaceChildren();
    mostrarArchivo();
    ajustarEstado();
    ayudaPeriodo('');
    $('importar-error').textContent = '';
  }

  function tomar(fichero) {
    const datos = new DataTransfer();
    datos.items.add(fichero);
    if (!resultado.hidden) otraVez();
    archivo.files = datos.files;
    archivo.dispatchEvent(new Event('change'));
  }

  function ayuda(texto, esError = false) {
    $('archivo-ayuda').textContent = texto;
    $('archivo-ayuda').classList.toggle('mal', esError);
  }

  function ayudaPeriodo(texto) {
    $('periodo-ayuda').textContent = texto;
    $('periodo-ayuda').classList.toggle('mal', Boolean(texto));
    if (texto) periodo.setAttribute('aria-invalid', 'true');
    else periodo.removeAttribute('aria-invalid');
  }

  function ajustarEstado() { $('campo-estado').hidden = tipo.value !== 'compras'; }

  function mostrarArchivo() {
    const f = archivo.files[0];
    zona.classList.toggle('con-archivo', Boolean(f));
    $('zona-texto').textContent = f ? f.name : 'Elige el archivo CSV';
    $('zona-detalle').textContent = f ? `${tamano(f.size)} · toca para cambiarlo` : 'o arrástralo hasta aquí';
    ayuda('');
    return f;
  }

  function alElegir() {
    const f = mostrarArchivo();
    $('importar-error').textContent = '';
    if (!f) return;
    const leido = leerNombreSii(f.name);
    if (!leido) {
      if (!/\.(csv|txt)$/i.test(f.name)) ayuda('Este archivo no parece un CSV. Descárgalo del SII en formato CSV.', true);
      else ayuda('Elige el tipo y el mes: no aparecen en el nombre del archivo.');
      return;
    }
    tipo.value = leido.tipo;
    if (leido.tipo === 'compras') estado.value = leido.estado;
    periodo.value = leido.periodo;
    ayudaPeriodo('');
    ajustarEstado();
    const propio = rutEmpresa();
    if (propio && limpiarRut(leido.rut) !== limpiarRut(propio)) {
      ayuda(`Ojo: este archivo es del RUT ${formatearRut(leido.rut)} y tu empresa es ${formatearRut(propio)}.`, true);
    } else {
      ayuda(`Reconocí el archivo: ${leido.tipo} de ${nombrePeriodo(leido.periodo)}.`);
    }
  }

  function avanzar(fraccion) {
    const barra = $('importar-progreso');
    const texto = $('importar-avance-texto');
    if (fraccion >= 1) {
      barra.removeAttribute('value');
      texto.textContent = 'Revisando las líneas…';
    } else {
      barra.value = Math.round(fraccion * 100);
      texto.textContent = `Subiendo ${Math.round(fraccion * 100)} %`;
    }
  }

  function ocupado(si) {
    $('importar-avance').hidden = !si;
    $('importar-enviar').disabled = si;
    for (const campo of [archivo, tipo, estado, periodo]) campo.disabled = si;
    zona.classList.toggle('ocupada', si);
  }

  async function enviar(evento) {
    evento.preventDefault();
    if (subida) return;
    $('importar-error').textContent = '';
    const f = archivo.files[0];
    if (!f || !f.size) {
      ayuda(f ? 'Este archivo está vacío. Descárgalo de nuevo del SII.' : 'Elige el archivo CSV que descargaste del SII.', true);
      archivo.focus();
      return;
    }
    if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(periodo.value) || periodo.value > periodoActual()) {
      ayudaPeriodo(periodo.value > periodoActual() ? 'Ese mes todavía no llega.' : 'Indica el mes del registro.');
      periodo.focus();
      return;
    }
    ayudaPeriodo('');
    const campos = {tipo: tipo.value, periodo: periodo.value};
    if (campos.tipo === 'compras') campos.estado = estado.value;
    const cual = [...Object.values(campos), f.name, f.size, f.lastModified].join('|');
    if (envio.cual !== cual) envio = {cual, id: uuid()};
    campos.id_mensaje = envio.id;
    campos.archivo = f; // last, so that the server knows the rest when it reads it
    ocupado(true);
    avanzar(0);
    subida = importarRcv(campos, avanzar);
    try {
      const r = await subida.promesa;
      subida = null;
      if (r) {
        envio = {};
        mostrarResultado(r, campos);
        alImportar();
      }
    } catch (e) {
      subida = null;
      if (e.vencida) {
        cerrar();
        alVencer();
      } else {
        $('importar-error').textContent = e.message;
      }
    } finally {
      ocupado(false);
    }
  }

  function mostrarResultado(hecho, {tipo: cual, periodo: mes, estado: cuales}) {
    const {importados = 0, sin_cambios: iguales = 0, movidos = 0, rechazados = []} = hecho;
    const malas = hecho.total_rechazados ?? rechazados.length;
    const cuando = nombrePeriodo(mes);
    const titulo = crear('h3', 'resultado-titulo', importados || iguales || !rechazados.length
      ? `Listo: ${cual} de ${cuando}` : `No pude importar las ${cual} de ${cuando}`);
    titulo.tabIndex = -1;
    const cuentas = crear('dl', 'cuentas');
    const filas = [['Importados', importados, 'bien'], ['Sin cambios', iguales, ''],
      ['Rechazados', malas, malas ? 'mal' : '']];
    if (movidos) filas.push(['Venían de otro mes o estado', movidos, '']);
    for (const [nombre, n, clase] of filas) {
      const caja = crear('div', clase);
      caja.append(crear('dt', '', nombre), crear('dd', '', numero(n)));
      cuentas.append(caja);
    }
    const partes = [titulo, cuentas];
    if (rechazados.length) partes.push(...listaDeRechazados(rechazados, malas));
    const acciones = crear('div', 'acciones');
    if (importados || iguales) {
      const estas = {PENDIENTE: 'pendientes', RECLAMADO: 'reclamadas', NO_INCLUIR: 'no incluidas'}[cuales];
      const compras = estas ? `¿Cuánto suman mis compras ${estas} de ${cuando}?` : `¿Cuánto compré en ${cuando}?`;
      const pregunta = cual === 'ventas' ? `¿Cuánto vendí en ${cuando}?` : compras;
      const chip = crear('button', 'boton vigente', pregunta);
      chip.addEventListener('click', () => { cerrar(); alPreguntar(pregunta); });
      const fila = crear('div', 'botones');
      fila.append(chip);
      partes.push(crear('p', 'resultado-pie', 'Ya puedes preguntarme, por ejemplo:'), fila);
    }
    const otro = crear('button', 'secundario', 'Importar otro');
    const listo = crear('button', 'primario', 'Cerrar');
    otro.addEventListener('click', () => { otraVez(); archivo.focus(); });
    listo.addEventListener('click', cerrar);
    acciones.append(otro, listo);
    form.hidden = true;
    resultado.hidden = false;
    resultado.replaceChildren(...partes, acciones);
    titulo.focus();
  }

  function listaDeRechazados(rechazados, malas) {
    const lista = crear('ul', 'rechazados');
    lista.tabIndex = 0;
    lista.setAttribute('aria-label', 'Líneas rechazadas');
    for (const r of rechazados.slice(0, MAX_RECHAZADOS)) {
      const fila = crear('li');
      fila.append(crear('span', 'linea', r.linea ? `Línea ${r.linea}` : ''), crear('span', '', r.motivo));
      lista.append(fila);
    }
    const partes = [crear('p', 'resultado-pie', malas === 1
      ? 'Esta línea no entró:' : 'Estas líneas no entraron:'), lista];
    const resto = malas - Math.min(rechazados.length, MAX_RECHAZADOS);
    if (resto > 0) partes.push(crear('p', 'ayuda', `… y ${numero(resto)} más.`));
    return partes;
  }

  function tamano(bytes) {
    if (bytes < 1000) return 'menos de 1 kB';
    if (bytes < 1e6) return `${numero(Math.round(bytes / 1000))} kB`;
    return `${numero(Math.round(bytes / 1e5) / 10)} MB`;
  }

  const llevaArchivos = (e) => [...(e.dataTransfer?.types || [])].includes('Files');
  document.addEventListener('dragover', (e) => {
    if (!llevaArchivos(e)) return;
    e.preventDefault();
    zona.classList.add('encima');
  });
  document.addEventListener('dragleave', (e) => { if (!e.relatedTarget) zona.classList.remove('encima'); });
  document.addEventListener('drop', (e) => {
    if (!llevaArchivos(e)) return;
    e.preventDefault(); // otherwise the browser would leave the page to open the file
    zona.classList.remove('encima');
    if (e.dataTransfer.files[0]) abrir(e.dataTransfer.files[0]);
  });
  archivo.addEventListener('change', alElegir);
  tipo.addEventListener('change', ajustarEstado);
  periodo.addEventListener('input', () => ayudaPeriodo(''));
  form.addEventListener('submit', enviar);
  for (const id of ['importar-cerrar', 'importar-cancelar']) $(id).addEventListener('click', cerrar);
  dialogo.addEventListener('close', () => subida?.cancelar());
  dialogo.addEventListener('mousedown', (e) => {
    if (e.target !== dialogo || subida || archivo.files.length) return; // a backdrop click loses nothing
    const r = dialogo.getBoundingClientRect();
    if (e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) cerrar();
  });
  resultado.hidden = true;

  return {abrir, cerrar, reiniciar: () => { cerrar(); otraVez(); }};
}
