//! From the outbox to the receivers.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::backoff::{Backoff, verdict};
use super::envelope::envelope;
use super::places::Places;
use super::signature::{SIGNATURE, new_secret, signature};
use crate::app::App;
use crate::fetch::Client;
use crate::id::{DeliveryId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Answer, DeliveryStatus, DueDelivery, EventKind, EventRow, NewAttempt, PageRequest, Share, StoreError,
    Webhook,
};

/// Most events that are looked at in one go.
const EVENTS: u32 = 100;
/// Most attempts at once. A receiver that is silent holds a few of them for as long as each may take.
const AT_ONCE: usize = 64;
/// How long an attempt is this dispatcher's alone; longer than it can take.
const LEASE: Duration = Duration::from_secs(60);
/// How often is looked for attempts whose time has come, and for what other processes wrote.
const LOOK: Duration = Duration::from_secs(1);
/// How much of an answer is kept, in bytes.
const MAX_ANSWER: usize = 1024;

/// Tells receivers what happens until `stop` says so; attempts under way are finished.
pub async fn dispatch(app: Arc<App>, client: Client, backoff: Backoff, mut stop: watch::Receiver<bool>) {
    let backoff = Arc::new(backoff);
    let mut under_way = JoinSet::new();
    let places = Places::default();
    while !*stop.borrow() {
        let found = match turn(&app, AT_ONCE - under_way.len(), &places).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "events could not be told");
                Vec::new()
            }
        };
        let is_busy = !found.is_empty();
        for due in found {
            let place = places.take(due.attempt.receiver());
            let attempt = attempt(app.clone(), client.clone(), backoff.clone(), due);
            under_way.spawn(async move {
                attempt.await;
                drop(place);
            });
        }
        if is_busy && under_way.len() < AT_ONCE {
            continue;
        }
        tokio::select! {
            // A place that is free again is looked for work at once.
            Some(_) = under_way.join_next() => {}
            () = app.store.signals().events().notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

/// Plans what is new and takes what is due, at most `room` attempts, for whom there are places.
async fn turn(app: &App, room: usize, places: &Places) -> Result<Vec<DueDelivery>, StoreError> {
    for event in app.store.untold(EVENTS).await? {
        let now = Moment::now();
        let attempts = receivers(app, &event).await?.into_iter().map(|(webhook, url)| NewAttempt {
            delivery: DeliveryId::generate(),
            webhook: webhook.map(|webhook| webhook.id),
            url,
            number: 1,
            due_at: now,
        });
        app.store.plan(&event, attempts.collect(), now).await?;
    }
    if room == 0 {
        return Ok(Vec::new());
    }
    let now = Moment::now();
    let (each, without) = places.share();
    let share = Share { limit: u32::try_from(room).unwrap_or(u32::MAX), each, without };
    app.store.due(&share, now, now.after(LEASE)).await
}

/// Who is to be told of an event: the address that its render names instead of everybody, or whoever is
/// registered for it. Progress is told to the former alone.
async fn receivers(app: &App, event: &EventRow) -> Result<Vec<(Option<Webhook>, String)>, StoreError> {
    if let Some(id) = &event.render
        && let Some(render) = app.store.render(&event.workspace, id).await?
        && let Some(url) = render.webhook_url
    {
        return Ok(vec![(None, url)]);
    }
    let mut wanted = Vec::new();
    if event.kind == EventKind::RenderProgress {
        return Ok(wanted);
    }
    let mut page = PageRequest { limit: PageRequest::MAX_LIMIT, before: None };
    loop {
        let found = app.store.webhooks(&event.workspace, &page).await?;
        for webhook in found.rows {
            let wants =
                webhook.events.is_empty() || webhook.events.iter().any(|name| name == event.kind.name());
            if webhook.enabled && wants {
                let url = webhook.url.clone();
                wanted.push((Some(webhook), url));
            }
        }
        match found.next {
            Some(next) => page.before = Some(next),
            None => return Ok(wanted),
        }
    }
}

async fn attempt(app: Arc<App>, client: Client, backoff: Arc<Backoff>, due: DueDelivery) {
    let told = tell(&app, &client, &backoff, &due).await;
    match told {
        Ok(()) => {}
        // Somebody else has taken it over, or its receiver was removed.
        Err(StoreError::Stale) => {}
        // Its lease runs out and it is made again.
        Err(error) => tracing::warn!(%error, attempt = %due.id, "a delivery could not be written down"),
    }
}

async fn tell(app: &App, client: &Client, backoff: &Backoff, due: &DueDelivery) -> Result<(), StoreError> {
    let (event, settle_now) = (&due.event, Moment::now());
    let mut receiver = None;
    if let Some(id) = &due.attempt.webhook {
        receiver = app.store.webhook(&event.workspace, id).await?.filter(|webhook| webhook.enabled);
        if receiver.is_none() {
            let answer = Answer { status_code: None, body: Some("the receiver is switched off".to_owned()) };
            return app.store.settle(&due.id, DeliveryStatus::Dead, answer, None, settle_now).await;
        }
    }
    // Where the receiver is now: it may have moved since the attempt was planned.
    let url = receiver.as_ref().map_or(due.attempt.url.as_str(), |webhook| webhook.url.as_str());
    let body = envelope(app, event).await?;
    let secret = secret_of(app, &event.workspace).await?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut set = |name: &'static str, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set(SIGNATURE, &signature(&secret, Moment::now(), &body));
    set("webhook-id", event.id.as_str());
    let result = client.post(url, headers, body, MAX_ANSWER, backoff.patience).await;
    let mut chance = [0];
    // Without chance everything comes at its exact time, which is good enough.
    let _ = getrandom::fill(&mut chance);
    let now = Moment::now();
    let outcome = verdict(backoff, due.attempt.number, result, chance[0], now);
    app.metrics.delivered(outcome.status);
    if let (true, Some(webhook)) = (outcome.is_gone, receiver) {
        tracing::info!(webhook = %webhook.id, "the receiver says it is gone, and is switched off");
        app.store.change_webhook(&Webhook { enabled: false, ..webhook }).await?;
    }
    app.store.settle(&due.id, outcome.status, outcome.answer, outcome.next, now).await
}

/// The workspace's secret, made when there is none.
///
/// # Errors
/// When the store fails, or the system gives no random numbers.
pub async fn secret_of(app: &App, workspace: &WorkspaceId) -> Result<String, StoreError> {
    if let Some(secret) = app.store.workspace_of(workspace).await?.and_then(|found| found.webhook_secret) {
        return Ok(secret);
    }
    let secret = new_secret().map_err(|error| StoreError::Database(error.to_string()))?;
    app.store.set_secret(workspace, &secret).await?;
    // Another server may have made one, too; the last one counts for everybody.
    let kept = app.store.workspace_of(workspace).await?.and_then(|found| found.webhook_secret);
    Ok(kept.unwrap_or(secret))
}
