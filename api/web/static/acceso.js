// The login card.

import * as api from './api.js';
import {formatearCampoRut, formatearRut, limpiarRut, rutCanonico, rutValido} from './formato.js';

const $ = (id) => document.getElementById(id);

/** alEntrar() loads the chat and returns false if the session did not stick. */
export function crearAcceso({alEntrar}) {
  const rut = $('rut');
  const password = $('password');
  const ver = $('ver-password');
  const boton = $('entrar');
  const codigo = $('codigo');
  let entrando = false;
  let solicitud = '';

  /** A second step: the code that went to the phone, for this request alone. */
  function pedirCodigo(nueva) {
    solicitud = nueva;
    codigo.value = '';
    $('campo-codigo').hidden = !nueva;
    if (nueva) codigo.focus();
  }

  function ayuda(campo, texto) {
    $(`${campo.id}-ayuda`).textContent = texto;
    if (texto) campo.setAttribute('aria-invalid', 'true');
    else campo.removeAttribute('aria-invalid');
  }

  function revisarRut() {
    const s = limpiarRut(rut.value);
    let texto = '';
    if (!s) texto = 'Escribe tu RUT, por ejemplo 12.345.678-5.';
    else if (s.length < 7) texto = 'Parece que a tu RUT le faltan números.';
    else if (!rutValido(s)) texto = 'Revisa tu RUT: el dígito después del guion no calza.';
    ayuda(rut, texto);
    return !texto;
  }

  function mostrarPassword(si) {
    password.type = si ? 'text' : 'password';
    ver.textContent = si ? 'Ocultar' : 'Mostrar';
    ver.setAttribute('aria-label', si ? 'Ocultar contraseña' : 'Mostrar contraseña');
  }

  async function enviar(evento) {
    evento.preventDefault();
    if (entrando) return;
    $('error-login').textContent = '';
    rut.value = formatearRut(rut.value);
    const bien = revisarRut();
    ayuda(password, password.value ? '' : 'Escribe tu contraseña.');
    if (!bien || !password.value) {
      (bien ? password : rut).focus();
      return;
    }
    if (solicitud && !/^\d{6}$/.test(codigo.value.trim())) {
      ayuda(codigo, 'Escribe los 6 números del código.');
      codigo.focus();
      return;
    }
    entrando = true;
    mostrarPassword(false);
    boton.setAttribute('aria-disabled', 'true');
    boton.textContent = 'Entrando…';
    try {
      const paso = solicitud && {codigo: codigo.value.trim(), solicitud};
      await api.entrar({rut: rutCanonico(rut.value), password: password.value, ...paso});
      password.value = '';
      pedirCodigo('');
      await alEntrar();
    } catch (e) {
      $('error-login').textContent = e.message;
      if (e.solicitud) {
        pedirCodigo(e.solicitud);
      } else if (solicitud && e.estado !== 401) {
        codigo.focus();
        codigo.select();
      } else if (e.estado === 401 || e.estado === 422) {
        password.focus();
        password.select();
      }
    } finally {
      entrando = false;
      boton.removeAttribute('aria-disabled');
      boton.textContent = 'Entrar';
    }
  }

  rut.addEventListener('input', () => {
    formatearCampoRut(rut);
    if (rut.hasAttribute('aria-invalid') && rutValido(rut.value)) ayuda(rut, '');
  });
  rut.addEventListener('change', () => {
    rut.value = formatearRut(rut.value);
    if (rut.value) revisarRut();
  });
  password.addEventListener('input', () => ayuda(password, ''));
  codigo.addEventListener('input', () => ayuda(codigo, ''));
  // Another person's RUT needs another code.
  rut.addEventListener('input', () => { if (solicitud) pedirCodigo(''); });
  // A code that has expired or was mistyped too often: log in anew, which sends another.
  $('otro-codigo').addEventListener('click', () => {
    if (entrando) return;
    pedirCodigo('');
    $('form-login').requestSubmit();
  });
  ver.addEventListener('click', () => mostrarPassword(password.type === 'password'));
  $('form-login').addEventListener('submit', enviar);

  return {
    abrir(aviso = '') {
      $('aviso-login').textContent = aviso;
      $('error-login').textContent = '';
      password.value = '';
      pedirCodigo('');
      mostrarPassword(false);
      ayuda(rut, '');
      ayuda(password, '');
      (rut.value ? password : rut).focus();
    },
    olvidar() { rut.value = ''; },
  };
}
