//! The socket's door.

use super::{
    auth::{Sender, visitor_by_token},
    request, security, site,
};
use crate::{
    protocol::{CLIENT_FRAME_MAX, Goodbye, Hello, VERSION},
    server::{
        db,
        error::Error,
        realtime::{agent, door, socket::Wire, visitor},
    },
};
use axum::{
    body::Body,
    extract::ws::WebSocketUpgrade,
    http::{Response, StatusCode},
};

/// Sockets that one visitor may hold open: tabs, mostly.
const PER_VISITOR: u32 = 20;

/// Upgrades, if the page is ours.
pub async fn open(sender: Sender, upgrade: WebSocketUpgrade) -> Response<Body> {
    let app = sender.app.clone();
    if !security::may_open_socket(&app.config, &sender.headers) {
        return site::plain(StatusCode::FORBIDDEN, "This socket was not opened by a page of this server.");
    }
    if app.shutdown.is_cancelled() {
        return site::plain(StatusCode::SERVICE_UNAVAILABLE, "restarting");
    }
    let tasks = app.tasks.clone();
    upgrade
        // The default of 128 KiB would be what an idle socket costs.
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(CLIENT_FRAME_MAX)
        .max_frame_size(CLIENT_FRAME_MAX)
        .on_upgrade(move |socket| tasks.track_future(Box::pin(serve(sender, Wire::new(socket)))))
}

async fn serve(sender: Sender, mut wire: Wire) {
    let hello = match wire.hello().await {
        Ok(text) => serde_json::from_str::<Hello>(&text).map_err(|_| Some(Goodbye::BadFrame)),
        Err(why) => Err(why),
    };
    match hello {
        Ok(Hello::Agent { version, .. } | Hello::Visitor { version, .. } | Hello::Door { version, .. }) if version != VERSION => {
            wire.goodbye(Goodbye::Version).await;
        }
        Ok(Hello::Agent { service, seq, .. }) => match Box::pin(sender.agent()).await {
            Ok(who) if who.member.service == service => {
                // The headers hold the connection's read buffer: let go of them.
                let app = sender.app.clone();
                drop(sender);
                let _open = OpenSocket::count("agent");
                Box::pin(agent::run(app, wire, who.member, who.session, seq)).await;
            }
            Ok(_) | Err(Error::Unauthenticated | Error::Forbidden) => wire.goodbye(Goodbye::SignedOut).await,
            Err(_) => wire.goodbye(Goodbye::Restart).await,
        },
        Ok(Hello::Visitor { widget, token, resume, .. }) => {
            let token = token.or_else(|| request::cookie(&sender.headers, &request::visitor_cookie(&widget)));
            // Boxed, as whatever is awaited only once: a future is as large as its largest
            // state, for as long as the socket is open.
            match Box::pin(visitor_by_token(&sender.app, &widget, token.as_deref())).await {
                Ok(who) => {
                    // The headers hold the connection's read buffer: let go of them.
                    let (app, address) = (sender.app.clone(), sender.address);
                    drop(sender);
                    let by_address = app.limits.socket(request::limit_key(address), app.config.sockets_per_address);
                    let by_visitor = app.limits.socket(who.id.to_string(), PER_VISITOR);
                    if by_address.is_none() || by_visitor.is_none() {
                        return wire.goodbye(Goodbye::BadFrame).await;
                    }
                    let _open = OpenSocket::count("visitor");
                    Box::pin(visitor::run(app, wire, who, resume)).await;
                }
                Err(Error::Unauthenticated | Error::NotFound) => wire.goodbye(Goodbye::SignedOut).await,
                Err(_) => wire.goodbye(Goodbye::Restart).await,
            }
        }
        Ok(Hello::Door { widget, .. }) => {
            let (app, address) = (sender.app.clone(), sender.address);
            drop(sender);
            let service = match Box::pin(app.db.look(async |tx| db::services::known_widget(tx, &widget).await)).await {
                Ok(Some(widget)) => widget.service.id,
                Ok(None) => return wire.goodbye(Goodbye::SignedOut).await,
                Err(_) => return wire.goodbye(Goodbye::Restart).await,
            };
            let place = app.limits.socket(request::limit_key(address), app.config.sockets_per_address);
            if place.is_none() {
                return wire.goodbye(Goodbye::BadFrame).await;
            }
            let _open = OpenSocket::count("door");
            Box::pin(door::run(app, wire, widget, service)).await;
        }
        Err(Some(why)) => wire.goodbye(why).await,
        Err(None) => {}
    }
}

/// One more in the gauge of open sockets, as long as it lives.
struct OpenSocket(&'static str);

impl OpenSocket {
    fn count(kind: &'static str) -> Self {
        metrics::gauge!("damso_sockets_open", "kind" => kind).increment(1.0);
        Self(kind)
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        metrics::gauge!("damso_sockets_open", "kind" => self.0).decrement(1.0);
    }
}
