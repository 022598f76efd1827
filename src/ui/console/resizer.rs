//! The edges of the side panes: dragged, or moved by arrows (K8). Widths are steps, so that
//! the server can draw them without styles of its own.

use crate::{
    domain::preferences::{Preferences, WIDTH_MAX},
    ui::{kit::texts, preferences::Mine},
};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};

/// Pixels of a step.
const STEP: f64 = 20.0;

/// The pane whose edge it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Lists,
    Details,
}

impl Pane {
    fn width(self, preferences: &mut Preferences) -> &mut u8 {
        match self {
            Self::Lists => &mut preferences.lists,
            Self::Details => &mut preferences.details,
        }
    }
}

/// The step `pixels` further than `width`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the steps before")]
fn moved(width: u8, pixels: f64) -> u8 {
    (f64::from(width) + pixels / STEP).round().clamp(0.0, f64::from(WIDTH_MAX)) as u8
}

#[component]
pub fn Resizer(pane: Pane) -> impl IntoView {
    let t = texts();
    let mine = expect_context::<Mine>();
    let node = NodeRef::<html::Div>::new();
    // Where the pointer took hold of the edge, and how wide the pane was.
    let held = RwSignal::new(None::<(i32, u8)>);
    let now = move || *pane.width(&mut mine.get());
    let drag = move |event: PointerEvent| {
        let Some((from, width)) = held.get_untracked() else { return };
        let way = f64::from(event.client_x() - from) * if pane == Pane::Lists { 1.0 } else { -1.0 };
        mine.try_on(|all| *pane.width(all) = moved(width, way));
    };
    let begin = move |event: PointerEvent| {
        // Refused for a pointer that is up again.
        if node.get_untracked().is_some_and(|edge| edge.set_pointer_capture(event.pointer_id()).is_ok()) {
            held.set(Some((event.client_x(), *pane.width(&mut mine.get_untracked()))));
        }
    };
    let end = move |_| {
        if held.try_update(Option::take).flatten().is_some() {
            mine.change(|_| {});
        }
    };
    let key = move |event: KeyboardEvent| {
        let wider = if pane == Pane::Lists { "ArrowRight" } else { "ArrowLeft" };
        let step = move |width: u8| {
            match event.key().as_str() {
                "Home" => Some(0),
                "End" => Some(WIDTH_MAX),
                key if key == wider => Some(width.saturating_add(1).min(WIDTH_MAX)),
                "ArrowLeft" | "ArrowRight" => Some(width.saturating_sub(1)),
                _ => None,
            }
            .inspect(|_| event.prevent_default())
        };
        mine.change(|all| {
            let width = pane.width(all);
            *width = step(*width).unwrap_or(*width);
        });
    };
    let label = match pane {
        Pane::Lists => t.console_lists_width(),
        Pane::Details => t.console_details_width(),
    };
    view! {
        <div
            node_ref=node
            class=if pane == Pane::Lists { "resizer" } else { "resizer start" }
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=WIDTH_MAX
            aria-valuenow=now
            on:pointerdown=begin
            // Else the browser drags the row that lies half below the edge.
            on:mousedown=move |event| event.prevent_default()
            on:pointermove=drag
            on:pointerup=end
            on:pointercancel=end
            on:keydown=key
        ></div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_become_steps_within_bounds() {
        assert_eq!([-9_000.0, -9.0, 0.0, 11.0, 60.0, 9_000.0].map(|x| moved(3, x)), [0, 3, 3, 4, 6, WIDTH_MAX]);
    }
}
