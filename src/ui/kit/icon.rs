//! Icons in one hand: 24 × 24, lines of 2, drawn after the lucide family. An icon never
//! stands without a name beside it or on its button, so it is hidden from assistive
//! technology.

use leptos::prelude::*;

/// An icon of the family by its name; an unknown name draws a circle. 16 or 20 px.
#[component]
pub fn Icon(#[prop(into)] name: &'static str, #[prop(default = 16)] size: u32) -> impl IntoView {
    view! {
        <svg class="glyph" width=size height=size viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d=path(name)></path>
        </svg>
    }
}

fn path(name: &str) -> &'static str {
    match name {
        "x" | "close" => "M18 6 6 18M6 6l12 12",
        "arrow-down" => "M12 5v14M19 12l-7 7-7-7",
        "clock" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l3 2",
        "alert" | "alert-circle" | "circle-alert" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7.5v5M12 16.2v.01",
        "message" | "chat" | "message-circle" => "M8 20.2a9.2 9.2 0 1 0-4.2-4.2L2.5 21.5z",
        "info" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 11.5v5M12 7.8v.01",
        "arrow-left" | "back" => "M19 12H5M12 19l-7-7 7-7",
        "arrow-right" => "M5 12h14M12 5l7 7-7 7",
        "arrow-up" => "M12 19V5M5 12l7-7 7 7",
        "bell" => "M18 9a6 6 0 1 0-12 0c0 6-2.5 7-2.5 7h17S18 15 18 9M10 20a2.2 2.2 0 0 0 4 0",
        "mute" => "M11 5 6 9H3v6h3l5 4zM22 9.5l-5 5M17 9.5l5 5",
        "check" => "M20 6 9 17l-5-5",
        "check-check" => "M17 6 7 16l-4-4M22 9.5l-8 8-1.5-1.5",
        "chevron-down" => "M6 9l6 6 6-6",
        "chevron-left" => "M15 18l-6-6 6-6",
        "chevron-right" => "M9 6l6 6-6 6",
        "chevron-up" => "M6 15l6-6 6 6",
        "circle" | "dot" => "M12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6z",
        "circle-check" | "check-circle" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM8.5 12l2.5 2.5 4.5-5",
        "coffee" => "M4 9h13v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 10h1.5a2.5 2.5 0 0 1 0 6H17M7 3v2.5M10.5 3v2.5M14 3v2.5",
        "copy" => "M9 9h11v11H9zM5 15H4V4h11v1",
        "ellipsis" | "more" => "M5 12v.01M12 12v.01M19 12v.01",
        "eye" => "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6z",
        "eye-off" => {
            "M4 4l16 16M9.9 5.7A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.4M6.4 7.5A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9.3 9.3 0 0 0 4.6-1.3M9.9 9.9a3 3 0 0 0 4.2 4.2"
        }
        "globe" | "language" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM3 12h18M12 3c3.5 4.2 3.5 13.8 0 18M12 3c-3.5 4.2-3.5 13.8 0 18",
        "history" => "M3 12a9 9 0 1 0 3-6.7L3 8M3 3v5h5M12 7v5l3 2",
        "inbox" => "M3 13h5l1.5 3h5L16 13h5M5.5 5h13L21 13v6H3v-6z",
        "key" => "M15 4a5 5 0 1 1-4.6 7L3 18.5V21h3v-2h2v-2h2l1.5-1.5M16 8v.01",
        "link" => "M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.5-1.5",
        "lock" => "M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11",
        "log-in" | "sign-in" => "M14 4h6v16h-6M10 8l4 4-4 4M14 12H3",
        "log-out" | "sign-out" => "M10 4H4v16h6M16 8l4 4-4 4M20 12H9",
        "menu" => "M4 6h16M4 12h16M4 18h16",
        "monitor" | "device" | "laptop" => "M3 4h18v12H3zM8 20h8M12 16v4",
        "moon" => "M20 14.5A8.5 8.5 0 1 1 9.5 4a6.7 6.7 0 0 0 10.5 10.5z",
        "paperclip" => "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4",
        "panel-right" | "panel" => "M3 4h18v16H3zM15 4v16",
        "pause" | "hold" => "M8 5v14M16 5v14",
        "pencil" => "M4 20l1-4L16.5 4.5l3 3L8 19z",
        "play" | "start" => "M7 4.5v15l12-7.5z",
        "plus" => "M12 5v14M5 12h14",
        "power" | "end" => "M12 3v9M6.5 7a8 8 0 1 0 11 0",
        "refresh" => "M20 11a8 8 0 0 0-14.5-3.5L3 10M3 5v5h5M4 13a8 8 0 0 0 14.5 3.5L21 14M21 19v-5h-5",
        "search" => "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM20.5 20.5 16 16",
        "send" => "M21 3 10.5 13.5M21 3l-6.5 18-4-7.5-7.5-4z",
        "settings" => "M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 0 0 4a2 2 0 0 0 0-4zM9 15a2 2 0 1 0 0 4a2 2 0 0 0 0-4z",
        "shield" => "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z",
        "smile" => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM8 14.5c1 1.2 2.4 2 4 2s3-.8 4-2M9 9.5v.01M15 9.5v.01",
        "download" => "M12 4v11M7 10.5l5 5 5-5M4 20h16",
        "sun" => {
            "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4"
        }
        "trash" => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
        "triangle-alert" | "warning" => "M12 4 2.5 20h19zM12 10v4M12 17.2v.01",
        "user" | "account" => "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 21a7.5 7.5 0 0 1 15 0",
        "users" => {
            "M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5.2a3.5 3.5 0 0 1 0 6.6M18 14.3a6.5 6.5 0 0 1 3.5 5.7"
        }
        "wifi-off" | "offline" => {
            "M3 3l18 18M5 12.5a10 10 0 0 1 5-2.7M2 8.8A15 15 0 0 1 6.5 6M22 8.8a15 15 0 0 0-11-3.7M19 12.5a10 10 0 0 0-2.5-1.7M8.5 16.4a5 5 0 0 1 7 0M12 20v.01"
        }
        _ => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z",
    }
}
