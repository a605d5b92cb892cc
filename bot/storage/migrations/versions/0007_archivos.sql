-- Files of taxpayers; tables/archivos.py holds the present shape.

CREATE TABLE archivos (
    id TEXT NOT NULL,
    rut TEXT NOT NULL,
    clave TEXT NOT NULL,
    nombre TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    creado TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expira TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (clave),
    FOREIGN KEY (rut) REFERENCES contributors (rut) ON DELETE CASCADE
);
CREATE INDEX ix_archivos_rut ON archivos (rut);
CREATE INDEX archivos_expira ON archivos (expira);
