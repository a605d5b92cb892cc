-- Contracts; tables/registro.py holds the present shape. Until now nothing was written to either table.

ALTER TABLE contratos
    ADD COLUMN archivo_id TEXT,
    ADD COLUMN paginas_leidas INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN intentos INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN trozos INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN modelo TEXT,
    ADD COLUMN de BIGINT REFERENCES contratos (id) ON DELETE SET NULL,
    ADD COLUMN reemplaza BIGINT REFERENCES contratos (id) ON DELETE SET NULL,
    ADD COLUMN imagenes JSONB DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT contratos_once UNIQUE (rut, sha256);

ALTER TABLE embeddings
    ADD COLUMN contexto TEXT DEFAULT '' NOT NULL,
    ALTER COLUMN vector TYPE BYTEA USING ''::BYTEA;
