-- News and alerts; tables/noticias.py and tables/canales.py hold the present shape.

CREATE TABLE presencias (
    canal TEXT NOT NULL,
    canal_id TEXT NOT NULL,
    escribio TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (canal, canal_id)
);

CREATE TABLE avisos_enviados (
    rut TEXT NOT NULL,
    clave TEXT NOT NULL,
    momento TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (rut, clave),
    FOREIGN KEY (rut) REFERENCES contributors (rut) ON DELETE CASCADE
);

CREATE TABLE avisos (
    rut TEXT NOT NULL,
    compras BOOLEAN NOT NULL,
    f29 BOOLEAN NOT NULL,
    contratos BOOLEAN NOT NULL,
    sincronizacion BOOLEAN NOT NULL,
    desde TIME WITHOUT TIME ZONE NOT NULL,
    hasta TIME WITHOUT TIME ZONE NOT NULL,
    proximo TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (rut),
    FOREIGN KEY (rut) REFERENCES contributors (rut) ON DELETE CASCADE
);
CREATE INDEX avisos_proximo ON avisos (proximo) WHERE proximo IS NOT NULL;

CREATE TABLE botones (
    clave TEXT NOT NULL,
    rut TEXT,
    pedido TEXT NOT NULL,
    creado TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (clave),
    FOREIGN KEY (rut) REFERENCES contributors (rut) ON DELETE CASCADE
);
CREATE INDEX ix_botones_rut ON botones (rut);

ALTER TABLE outbox
    DROP COLUMN intentos,
    ADD COLUMN plantilla JSONB,
    ADD COLUMN rechazado TEXT;

CREATE INDEX compras_pendientes ON compras_detalle (rut, fecha_recepcion) WHERE estado = 'PENDIENTE';

-- When people wrote is known from what they wrote; the owner of the tables is bound by the policies, too.
ALTER TABLE identities NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;
INSERT INTO presencias (canal, canal_id, escribio)
    SELECT canal, canal_id, max(messages.creado) FROM identities JOIN messages USING (conversacion)
    WHERE direccion = 'entrada' AND canal IN ('whatsapp', 'telegram') GROUP BY canal, canal_id;
ALTER TABLE identities FORCE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
