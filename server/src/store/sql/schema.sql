CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    webhook_secret TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE renders (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    completed_at BIGINT,
    percent BIGINT NOT NULL DEFAULT 0,
    stage TEXT,
    attempt BIGINT NOT NULL DEFAULT 0,
    tries BIGINT NOT NULL DEFAULT 0,
    deaths BIGINT NOT NULL DEFAULT 0,
    losses BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    lease_until BIGINT,
    metadata TEXT NOT NULL,
    webhook_url TEXT,
    output TEXT,
    output_key TEXT,
    thumbnail_key TEXT,
    error_code TEXT,
    error_message TEXT
);
CREATE INDEX renders_of_workspace ON renders (workspace, id);
CREATE INDEX renders_by_status ON renders (workspace, status, id);
CREATE INDEX renders_ended ON renders (completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX renders_of_file ON renders (output_key) WHERE output_key IS NOT NULL;
CREATE INDEX renders_of_picture ON renders (thumbnail_key) WHERE thumbnail_key IS NOT NULL;
CREATE INDEX renders_leased ON renders (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE render_bodies (
    render TEXT PRIMARY KEY REFERENCES renders (id),
    body TEXT NOT NULL
);

CREATE TABLE idempotency (
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    render TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, key)
);
CREATE INDEX idempotency_of_render ON idempotency (render);
CREATE INDEX idempotency_age ON idempotency (expires_at);

CREATE TABLE events (
    seq COUNTED_KEY,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    render TEXT,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    told BOOLEAN NOT NULL
);
CREATE INDEX events_untold ON events (seq) WHERE NOT told;
CREATE INDEX events_of_render ON events (render, seq);

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_delivery_at BIGINT
);
CREATE INDEX webhooks_of_workspace ON webhooks (workspace, id);

CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    delivery TEXT NOT NULL,
    webhook TEXT,
    url TEXT NOT NULL,
    event BIGINT NOT NULL REFERENCES events (seq),
    number BIGINT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT,
    attempted_at BIGINT,
    next_retry_at BIGINT,
    status_code BIGINT,
    response_body TEXT
);
CREATE INDEX deliveries_of_event ON deliveries (event);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_of_webhook ON deliveries (webhook, id);

CREATE TABLE assets (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    source_url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    content_type TEXT NOT NULL,
    status TEXT NOT NULL,
    object_key TEXT,
    copied_from TEXT,
    size_bytes BIGINT,
    duration_millis BIGINT,
    width BIGINT,
    height BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    error_code TEXT,
    error_message TEXT
);
CREATE INDEX assets_of_workspace ON assets (workspace, id);
CREATE INDEX assets_of_key ON assets (object_key) WHERE object_key IS NOT NULL;
CREATE INDEX assets_copied ON assets (workspace, copied_from, id) WHERE copied_from IS NOT NULL;

CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    url TEXT NOT NULL,
    filename TEXT,
    status TEXT NOT NULL,
    asset TEXT,
    error_code TEXT,
    error_message TEXT,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    lease_until BIGINT
);
CREATE INDEX imports_open ON imports (id) WHERE status = 'processing';

CREATE TABLE usage_days (
    workspace TEXT NOT NULL,
    day BIGINT NOT NULL,
    render_millis BIGINT NOT NULL,
    renders BIGINT NOT NULL,
    egress_bytes BIGINT NOT NULL,
    PRIMARY KEY (workspace, day)
);

CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE sheets (
    id COUNTED_KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE generations (
    id COUNTED_KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    render TEXT NOT NULL,
    sheet BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    removed BOOLEAN NOT NULL
);
CREATE INDEX generations_of_render ON generations (render);
CREATE INDEX generations_of_sheet ON generations (workspace, sheet, id);
