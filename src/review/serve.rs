//! The server: one address on the loopback, one page, a handful of questions.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::Token;
use super::guard::{Guard, Refused};
use super::page;
use super::room::{Answer, Room};
use crate::model::Cancel;

/// How long a request to stop may wait to be heard.
const HEARD_EVERY: Duration = Duration::from_millis(100);

/// Headers of every answer: nothing is kept, framed, guessed or told to another site.
const HEADERS: [(header::HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, page::POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Answers on `listener` until `cancel` is requested. The listener must be one on the loopback.
///
/// # Errors
/// The listener is on another address or the system refuses.
pub fn serve(listener: TcpListener, token: Token, room: Room, cancel: &Cancel) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other("a review is served on the loopback only"));
    }
    listener.set_nonblocking(true)?;
    let guard = Arc::new(Guard::new(token, address.port()));
    let router = router(Arc::new(room), guard);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let cancel = cancel.clone();
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let stopped = async move {
            while !cancel.is_requested() {
                tokio::time::sleep(HEARD_EVERY).await;
            }
        };
        // Not gracefully: a browser may hold its connection open for ever.
        tokio::select! {
            ended = async { axum::serve(listener, router).await } => ended,
            () = stopped => Ok(()),
        }
    })
}

fn router(room: Arc<Room>, guard: Arc<Guard>) -> Router {
    let file = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/{token}/", file("text/html; charset=utf-8", page::HTML))
        .route(
            "/{token}/style.css",
            file("text/css; charset=utf-8", page::CSS),
        )
        .route(
            "/{token}/review.js",
            file("text/javascript; charset=utf-8", page::SCRIPT),
        )
        .route(
            "/{token}/words.js",
            file("text/javascript; charset=utf-8", page::WORDS),
        )
        .route("/{token}/beginning", get(beginning))
        .route("/{token}/object/{number}", get(object))
        .route("/{token}/objects", post(objects))
        .route("/{token}/decide", post(decide))
        .route("/{token}/dismiss", post(dismiss))
        .with_state(room)
        .layer(middleware::from_fn_with_state(guard, guarded))
}

/// Lets a request through, or says why not.
async fn guarded(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = match guard.check(request.method(), &path, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(Refused::Token) => (StatusCode::NOT_FOUND, "not found").into_response(),
        Err(Refused::Host) => (StatusCode::MISDIRECTED_REQUEST, "wrong host").into_response(),
        Err(Refused::Origin) => (StatusCode::FORBIDDEN, "another page asks").into_response(),
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn beginning(State(room): State<Arc<Room>>) -> Response {
    answered(Answer::Done(room.beginning()))
}

async fn object(State(room): State<Arc<Room>>, Path((_, number)): Path<(String, i64)>) -> Response {
    answered(room.object(number))
}

async fn objects(State(room): State<Arc<Room>>, body: Bytes) -> Response {
    answered(room.objects(&body))
}

async fn decide(State(room): State<Arc<Room>>, body: Bytes) -> Response {
    answered(room.decide(&body))
}

async fn dismiss(State(room): State<Arc<Room>>, body: Bytes) -> Response {
    answered(room.dismiss(&body))
}

fn answered(answer: Answer) -> Response {
    let (status, value) = match answer {
        Answer::Done(value) => (StatusCode::OK, value),
        Answer::Wrong(why) => (StatusCode::BAD_REQUEST, json!({ "why": why })),
        Answer::Changed => (StatusCode::CONFLICT, json!({ "why": "changed" })),
        Answer::Failed(why) => (StatusCode::INTERNAL_SERVER_ERROR, json!({ "why": why })),
    };
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, value.to_string()).into_response()
}
