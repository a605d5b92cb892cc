// The login page: the same card as the chat's, which goes on to where the person wanted to go.

import {crearAcceso} from './acceso.js';

const destino = document.querySelector('[name=sigue]').value;

crearAcceso({alEntrar: () => new Promise(() => { location.assign(destino); })});
const rut = document.getElementById('rut');
(rut.value ? document.getElementById('password') : rut).focus();
