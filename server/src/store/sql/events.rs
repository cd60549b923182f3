//! Events: written beside every change, told later.

use async_trait::async_trait;
use sqlx::QueryBuilder;

use super::decode::{get, moment, moment_or_none, name, number, number_or_none};
use super::{Backend, Connection, Database, Row};
use crate::id::{AttemptId, DeliveryId, EventId, RenderId, WebhookId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Answer, DeliveryRow, DeliveryStatus, DueDelivery, EventKind, EventRow, NewAttempt, Outbox, Page,
    PageRequest, Share, StoreError,
};

/// Attempts whose time has come that are looked at for a share of them.
const LOOKED_AT: i64 = 256;

/// Adds an event to whatever is being written.
pub(super) async fn add(
    connection: &mut Connection,
    workspace: &WorkspaceId,
    render: Option<&RenderId>,
    kind: EventKind,
    data: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO events (id, workspace, render, kind, data, created_at, told) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(EventId::generate().as_str())
    .bind(workspace.as_str())
    .bind(render.map(RenderId::as_str))
    .bind(kind.name())
    .bind(data)
    .bind(now.millis())
    .bind(!kind.is_public())
    .execute(connection)
    .await?;
    Ok(())
}

/// An event as it is stored.
pub(super) fn event(row: &Row) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        seq: get(row, "seq")?,
        id: EventId::stored(get(row, "event_id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        render: get::<Option<String>>(row, "render")?.map(RenderId::stored),
        kind: name(row, "kind", EventKind::from_name)?,
        data: get(row, "data")?,
        created_at: moment(row, "event_at")?,
    })
}

fn due(row: &Row) -> Result<DueDelivery, StoreError> {
    Ok(DueDelivery {
        id: AttemptId::stored(get(row, "id")?),
        attempt: NewAttempt {
            delivery: DeliveryId::stored(get(row, "delivery")?),
            webhook: get::<Option<String>>(row, "webhook")?.map(WebhookId::stored),
            url: get(row, "url")?,
            number: number(row, "number")?,
            due_at: moment_or_none(row, "due_at")?.unwrap_or(Moment::from_millis(0)),
        },
        event: event(row)?,
    })
}

fn delivery(row: &Row) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: AttemptId::stored(get(row, "id")?),
        delivery: DeliveryId::stored(get(row, "delivery")?),
        webhook: get::<Option<String>>(row, "webhook")?.map(WebhookId::stored),
        kind: name(row, "kind", EventKind::from_name)?,
        status: name(row, "status", DeliveryStatus::from_name)?,
        number: number(row, "number")?,
        created_at: moment(row, "created_at")?,
        render: get::<Option<String>>(row, "render")?.map(RenderId::stored),
        status_code: number_or_none(row, "status_code")?,
        response_body: get(row, "response_body")?,
        attempted_at: moment_or_none(row, "attempted_at")?,
        next_retry_at: moment_or_none(row, "next_retry_at")?,
    })
}

async fn plan_one(
    connection: &mut Connection,
    event: i64,
    attempt: &NewAttempt,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO deliveries (id, delivery, webhook, url, event, number, status, created_at, due_at, receiver) \
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9)",
    )
    .bind(AttemptId::generate().as_str())
    .bind(attempt.delivery.as_str())
    .bind(attempt.webhook.as_ref().map(WebhookId::as_str))
    .bind(attempt.url.as_str())
    .bind(event)
    .bind(i64::from(attempt.number))
    .bind(now.millis())
    .bind(attempt.due_at.millis())
    .bind(attempt.receiver())
    .execute(connection)
    .await?;
    Ok(())
}

/// The attempts of a share, the ones that wait longest first. However many wait, few are looked at.
fn due_rows(share: &Share, now: Moment) -> QueryBuilder<Database> {
    let mut query = QueryBuilder::new(
        "SELECT d.id, d.delivery, d.webhook, d.url, d.number, d.due_at, \
         e.seq, e.id AS event_id, e.workspace, e.render, e.kind, e.data, e.created_at AS event_at \
         FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY receiver ORDER BY due_at, id) AS turn \
         FROM (SELECT id, receiver, due_at FROM deliveries WHERE due_at <= ",
    );
    query.push_bind(now.millis());
    if !share.without.is_empty() {
        query.push(" AND receiver NOT IN (");
        let mut list = query.separated(", ");
        for receiver in &share.without {
            list.push_bind(receiver.clone());
        }
        query.push(")");
    }
    query.push(" ORDER BY due_at, id LIMIT ").push_bind(LOOKED_AT);
    query.push(") waiting) ranked JOIN deliveries d ON d.id = ranked.id JOIN events e ON e.seq = d.event WHERE turn <= ");
    query.push_bind(i64::from(share.each));
    query.push(" ORDER BY d.due_at, d.id LIMIT ").push_bind(i64::from(share.limit));
    query
}

#[async_trait]
impl Outbox for Backend {
    async fn record(&self, event: EventRow) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let EventRow { workspace, render, kind, data, created_at, .. } = &event;
                add(connection, workspace, render.as_ref(), *kind, data, *created_at).await
            })
        })
        .await?;
        self.signals.events().notify_one();
        Ok(())
    }

    async fn untold(&self, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, id AS event_id, workspace, render, kind, data, created_at AS event_at \
             FROM events WHERE NOT told ORDER BY seq LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(event).collect()
    }

    async fn plan(&self, event: &EventRow, attempts: Vec<NewAttempt>, now: Moment) -> Result<(), StoreError> {
        let seq = event.seq;
        self.write(move |connection| {
            Box::pin(async move {
                let told = sqlx::query("UPDATE events SET told = TRUE WHERE seq = $1 AND NOT told")
                    .bind(seq)
                    .execute(&mut *connection)
                    .await?;
                if told.rows_affected() > 0 {
                    for attempt in &attempts {
                        plan_one(connection, seq, attempt, now).await?;
                    }
                }
                Ok(())
            })
        })
        .await
    }

    async fn due(&self, share: &Share, now: Moment, until: Moment) -> Result<Vec<DueDelivery>, StoreError> {
        let share = share.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let rows = due_rows(&share, now).build().fetch_all(&mut *connection).await?;
                let mut mine = Vec::with_capacity(rows.len());
                for row in &rows {
                    let found = due(row)?;
                    // Somebody else may have it by now.
                    let leased =
                        sqlx::query("UPDATE deliveries SET due_at = $2 WHERE id = $1 AND due_at = $3")
                            .bind(found.id.as_str())
                            .bind(until.millis())
                            .bind(found.attempt.due_at.millis())
                            .execute(&mut *connection)
                            .await?;
                    if leased.rows_affected() > 0 {
                        mine.push(found);
                    }
                }
                Ok(mine)
            })
        })
        .await
    }

    async fn settle(
        &self,
        attempt: &AttemptId,
        status: DeliveryStatus,
        answer: Answer,
        next: Option<Moment>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let attempt = attempt.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(
                    "UPDATE deliveries SET status = $2, due_at = NULL, attempted_at = $3, next_retry_at = $4, \
                     status_code = $5, response_body = $6 WHERE id = $1 AND due_at IS NOT NULL \
                     RETURNING delivery, webhook, url, event, number",
                )
                .bind(attempt.as_str())
                .bind(status.name())
                .bind(now.millis())
                .bind(next.map(Moment::millis))
                .bind(answer.status_code.map(i64::from))
                .bind(answer.body)
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(StoreError::Stale)?;
                let webhook: Option<String> = get(&row, "webhook")?;
                if let (DeliveryStatus::Succeeded, Some(webhook)) = (status, &webhook) {
                    sqlx::query("UPDATE webhooks SET last_delivery_at = $2 WHERE id = $1")
                        .bind(webhook.as_str())
                        .bind(now.millis())
                        .execute(&mut *connection)
                        .await?;
                }
                let Some(due_at) = next else { return Ok(()) };
                let number: u32 = number(&row, "number")?;
                let attempt = NewAttempt {
                    delivery: DeliveryId::stored(get(&row, "delivery")?),
                    webhook: webhook.map(WebhookId::stored),
                    url: get(&row, "url")?,
                    number: number.saturating_add(1),
                    due_at,
                };
                plan_one(connection, get(&row, "event")?, &attempt, now).await
            })
        })
        .await
    }

    async fn deliveries(
        &self,
        webhook: &WebhookId,
        page: &PageRequest,
    ) -> Result<Page<DeliveryRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT d.id, d.delivery, d.webhook, e.kind, d.status, d.number, d.created_at, e.render, \
             d.status_code, d.response_body, d.attempted_at, d.next_retry_at \
             FROM deliveries d JOIN events e ON e.seq = d.event \
             WHERE d.webhook = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3",
        )
        .bind(webhook.as_str())
        .bind(page.below())
        .bind(page.probe())
        .fetch_all(&self.readers)
        .await?;
        let rows = rows.iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(rows, page, |row| row.id.as_str()))
    }
}
