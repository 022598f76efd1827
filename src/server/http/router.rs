//! Every route of the program, in one list.

use super::{
    api, banner, demo, developers, drain, files, front, health, help, inquiry, mine, pages, security, site::plain, talk, tray, widget, ws,
};
use crate::server::state::App;
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Path, Request, State},
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

/// All routes of the main listener.
pub fn routes(app: App) -> Router {
    // Gives Leptos its executor: nothing else does before the first page is drawn.
    let _ = leptos_axum::generate_route_list(|| ());
    let mut routes = Router::new()
        // pages of the app
        .route("/", get(pages::page))
        .route("/login", get(pages::page).post(pages::sign_in))
        .route("/setup", get(pages::page).post(pages::set_up))
        .route("/console", get(pages::page))
        .route("/console/{chat}", get(pages::page))
        .route("/console/{chat}/files", post(talk::reply).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)))
        .route("/console/{chat}/files/{file}", get(talk::of_agent))
        .route("/board", get(pages::page))
        .route("/history", get(pages::page))
        .route("/account", get(pages::page))
        .route("/account/canned", get(pages::page))
        .route("/join/{token}", get(pages::page))
        .route("/inquiries", get(pages::page))
        .route("/inquiries/{inquiry}", get(pages::page))
        .route("/inquiries/{inquiry}/answer", post(inquiry::answer).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)))
        .route("/inquiries/{inquiry}/files/{file}", get(files::of_agent))
        .route("/organization/{page}", get(pages::page))
        .route("/organization/services/{service}/banner", post(banner::set).layer(DefaultBodyLimit::max(banner::UPLOAD_MAX)))
        .route("/settings", get(pages::page))
        .route("/settings/{*page}", get(pages::page))
        // what pages do
        .route("/api/{*function}", post(api::call))
        .route("/ws", get(ws::open))
        // the customer's door
        .route("/widget/{file}", get(widget::loader))
        .route("/w/{key}", get(widget::page))
        .route("/w/{key}/messages", post(widget::send))
        .route("/w/{key}/files", post(talk::send).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)))
        .route("/w/{key}/end", post(widget::end))
        .route("/w/{key}/front", get(front::show))
        .route("/w/{key}/tray", get(tray::show))
        .route("/w/{key}/rating", post(tray::rate))
        .route("/w/{key}/transcript", post(tray::transcript))
        .route("/w/{key}/start", post(front::start))
        .route("/w/{key}/inquiry", post(inquiry::inquire).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)))
        .route("/w/{key}/turn", post(front::turn))
        .route("/w/{key}/reach", post(front::reach))
        // the help centre
        .route("/help/{service}", get(help::home))
        .route("/help/{service}/front", get(help::show))
        .route("/help/{service}/inquiry", get(help::ask).post(help::inquire).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)))
        .route("/help/{service}/inquiries", get(mine::list).post(mine::find))
        .route(
            "/help/{service}/inquiries/{token}",
            get(help::inquiry).post(help::write_again).layer(DefaultBodyLimit::max(files::UPLOAD_MAX)),
        )
        .route("/help/{service}/inquiries/{token}/files/{file}", get(files::of_customer))
        // what people send
        .route("/banner/{service}/{hash}", get(banner::show))
        .route("/files/{signed}", get(files::show))
        .route("/shown/{signed}", get(talk::of_visitor))
        // for a shop's developers
        .route("/developers", get(developers::page))
        .route("/try/{key}", get(developers::try_page))
        // files
        .route(
            "/pkg/{file}",
            get(async |State(app): State<App>, Path(file): Path<String>, headers: HeaderMap| {
                app.site.serve(&format!("pkg/{file}"), &headers)
            }),
        )
        .route(
            "/site/{*file}",
            get(async |State(app): State<App>, Path(file): Path<String>, headers: HeaderMap| app.site.serve(&file, &headers)),
        )
        .route("/message.css", get(async |State(app): State<App>, headers: HeaderMap| app.site.serve("message.css", &headers)))
        .route("/favicon.svg", get(async |State(app): State<App>, headers: HeaderMap| app.site.serve("favicon.svg", &headers)))
        .route("/robots.txt", get(async || plain(StatusCode::OK, "User-agent: *\nDisallow: /\n")))
        // for machines
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready));
    if app.config.demo {
        routes = routes
            .route("/demo", get(async || Redirect::to("/demo/shop/")))
            // With the slash, for the links of its pages.
            .route("/demo/shop", get(async || Redirect::to("/demo/shop/")))
            .route("/demo/shop/", get(demo::shop))
            .route("/demo/shop/{file}", get(demo::shop_page))
            .route("/demo/strict", get(async || Redirect::to("/demo/strict/")))
            .route("/demo/strict/", get(demo::strict))
            .route("/demo/strict/{file}", get(demo::strict_page))
            // The demo listens on this machine only.
            .route("/metrics", get(health::metrics));
    }
    routes
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(api::BODY_MAX))
        .layer(middleware::from_fn(drain::drain))
        .layer(middleware::from_fn(count))
        .layer(middleware::from_fn_with_state(app.clone(), security::guard))
        .layer(CompressionLayer::new().br(true).gzip(true).compress_when(DefaultPredicate::new().and(is_no_file)))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(()).on_failure(()))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(app)
}

/// The routes of the operators' own listener.
pub fn operator_routes(app: App) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(app)
}

/// What people send goes out as it lies there, with its length.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

/// What log lines of a request say of it: never its query, which may carry anything.
fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", id, method = %request.method(), route)
}

async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    let response = next.run(request).await.into_response();
    metrics::counter!("damso_http_requests_total", "route" => route, "status" => response.status().as_str().to_owned()).increment(1);
    response
}
