// The composer that grows, and the header's menu.

import {numero} from './formato.js';

const $ = (id) => document.getElementById(id);
const LIMITE = 4000;

export function crearRedaccion({alEnviar}) {
  const mensaje = $('mensaje');
  const contador = $('contador');

  function ajustar() {
    mensaje.style.height = 'auto';
    mensaje.style.height = `${mensaje.scrollHeight}px`;
    const largo = [...mensaje.value.trim()].length;
    const pasado = largo > LIMITE;
    contador.textContent = largo > LIMITE - 500 ? `${numero(largo)} / ${numero(LIMITE)}` : '';
    $('enviar').disabled = !largo || pasado;
    if (pasado === contador.classList.contains('mal')) return;
    contador.classList.toggle('mal', pasado);
    $('estado-lector').textContent = pasado
      ? `Tu mensaje pasa de ${numero(LIMITE)} caracteres. Acórtalo para enviarlo.` : '';
    if (pasado) mensaje.setAttribute('aria-invalid', 'true');
    else mensaje.removeAttribute('aria-invalid');
  }

  function vaciar() {
    mensaje.value = '';
    ajustar();
  }

  function enviar(evento) {
    evento.preventDefault();
    ajustar();
    if ($('enviar').disabled) return;
    const texto = mensaje.value.trim();
    vaciar();
    mensaje.focus();
    alEnviar(texto);
  }

  $('form-mensaje').addEventListener('submit', enviar);
  mensaje.addEventListener('input', ajustar);
  mensaje.addEventListener('keydown', (e) => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) enviar(e);
  });
  return {ajustar, vaciar};
}

export function crearMenu() {
  const boton = $('menu-boton');
  const caja = $('menu-opciones');
  const menu = boton.parentElement;

  function abrir(si, devolverFoco = false) {
    caja.hidden = !si;
    boton.setAttribute('aria-expanded', String(si));
    if (si) caja.firstElementChild.focus();
    else if (devolverFoco) boton.focus();
  }

  boton.addEventListener('click', () => abrir(caja.hidden));
  document.addEventListener('click', (e) => { if (!menu.contains(e.target)) abrir(false); });
  menu.addEventListener('focusout', (e) => {
    if (e.relatedTarget && !menu.contains(e.relatedTarget)) abrir(false);
  });
  menu.addEventListener('keydown', (e) => {
    const opciones = [...caja.children];
    const i = opciones.indexOf(document.activeElement);
    if (e.key === 'Escape') abrir(false, true);
    if (i < 0 || !['ArrowDown', 'ArrowUp'].includes(e.key)) return;
    e.preventDefault();
    opciones[(i + (e.key === 'ArrowDown' ? 1 : opciones.length - 1)) % opciones.length].focus();
  });
  return {cerrar: (devolverFoco) => abrir(false, devolverFoco)};
}
