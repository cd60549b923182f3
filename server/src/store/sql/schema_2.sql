-- Files that callers sent through the second interface, other names of films, and keys whose files go once
-- nothing needs them; whom a delivery is for, and which files a render names.

CREATE TABLE resources (
    id COUNTED_KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    asset TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    promised_bytes BIGINT,
    promised_md5 TEXT,
    attached BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX resources_of_workspace ON resources (workspace, created_at);

ALTER TABLE generations ADD COLUMN filename TEXT;

CREATE TABLE unneeded (
    object_key TEXT PRIMARY KEY
);

ALTER TABLE deliveries ADD COLUMN receiver TEXT NOT NULL DEFAULT '';

CREATE TABLE asset_uses (
    render TEXT NOT NULL,
    asset TEXT NOT NULL,
    PRIMARY KEY (render, asset)
);
CREATE INDEX asset_uses_of_asset ON asset_uses (asset);
