//! What a request says of its sender: address, scheme, cookies, language, device.

use crate::{domain::service::Language, server::config::Config};
use axum::http::{HeaderMap, Uri, header};
use std::net::{IpAddr, SocketAddr};

/// The name of the agents' session cookie. `__Host-` binds it to this very host.
pub const SESSION_COOKIE: &str = "__Host-damso";

/// The visitor's cookie of a widget page that was opened by itself.
#[must_use]
pub fn visitor_cookie(widget: &str) -> String {
    format!("__Host-damso-visitor-{widget}")
}

/// A `Set-Cookie` value for one of ours; `max_age` in seconds, 0 to forget.
#[must_use]
pub fn set_cookie(name: &str, value: &str, max_age: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age}")
}

/// The value of a cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The token of an `Authorization: Bearer` header.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The client's address: the peer's, or the last one in `X-Forwarded-For` that no
/// trusted proxy of ours wrote for itself.
#[must_use]
pub fn client_address(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !config.trusts(peer) {
        return peer;
    }
    let chain: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|a| a.trim().parse::<IpAddr>().ok().map(|a| a.to_canonical()))
        .collect();
    chain.iter().rev().find(|a| !config.trusts(**a)).or(chain.first()).copied().unwrap_or(peer)
}

/// An address as limits count it: one IPv4 host, one IPv6 network of 64 bits.
#[must_use]
pub fn limit_key(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}::", s[0], s[1], s[2], s[3])
        }
    }
}

/// Whether the browser speaks https, directly or to a trusted proxy.
#[must_use]
pub fn is_https(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> bool {
    config.tls.is_some()
        || (config.trusts(peer.ip().to_canonical())
            && headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok()).is_some_and(|p| p.eq_ignore_ascii_case("https")))
}

/// Whether the page is looked at on this very machine.
#[must_use]
pub fn is_loopback_host(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(name, _)| name);
    name == "localhost" || name.ends_with(".localhost") || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|a| a.is_loopback())
}

/// The language asked for by `?lang=`.
#[must_use]
pub fn asked_language(uri: &Uri) -> Option<Language> {
    uri.query()?.split('&').find_map(|pair| Language::parse(pair.strip_prefix("lang=")?))
}

/// The first language of the browser that we know; Korean without one.
#[must_use]
pub fn browser_language(headers: &HeaderMap) -> Language {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(',').find_map(|tag| Language::parse(tag.trim())))
        .unwrap_or_default()
}

/// Browser and system in words ("Android · Chrome"); empty when unknown.
#[must_use]
pub fn device(headers: &HeaderMap) -> String {
    let Some(agent) = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()) else { return String::new() };
    let Some(found) = woothee::parser::Parser::new().parse(agent) else { return String::new() };
    let known: Vec<&str> = [found.os, found.name].into_iter().filter(|s| *s != "UNKNOWN" && !s.is_empty()).collect();
    known.join(" · ")
}

/// Whether a form was sent by the door's script, which stays on its page and wants no
/// document.
#[must_use]
pub fn by_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (header::HeaderName::from_static(k), v.parse().unwrap())).collect()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let config = Config { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Config::default() };
        let h = headers(&[("x-forwarded-for", "6.6.6.6, 203.0.113.7, 10.1.1.1")]);
        assert_eq!(client_address(&config, "10.0.0.1:5".parse().unwrap(), &h).to_string(), "203.0.113.7");
        assert_eq!(client_address(&config, "198.51.100.1:5".parse().unwrap(), &h).to_string(), "198.51.100.1");
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let h = headers(&[("cookie", "x__Host-damso=1; __Host-damso=abc; y=2")]);
        assert_eq!(cookie(&h, SESSION_COOKIE).as_deref(), Some("abc"));
    }

    #[test]
    fn loopback_hosts() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "a.localhost"] {
            assert!(is_loopback_host(&headers(&[("host", host)])), "{host}");
        }
        assert!(!is_loopback_host(&headers(&[("host", "localhost.evil.example")])));
    }
}
