use super::{
    button::{Button, ButtonKind},
    texts,
};
use leptos::{html, prelude::*};

/// Opens the browser's own modal dialog while `open`, and closes it else.
pub fn modal(node: NodeRef<html::Dialog>, open: impl Into<Signal<bool>>) {
    let open = open.into();
    Effect::new(move |_| {
        let (Some(dialog), open) = (node.get(), open.get()) else { return };
        if open && !dialog.open() {
            // Refused only where the dialog left the page meanwhile.
            drop(dialog.show_modal());
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
}

/// A question with two answers, on the browser's own modal dialog: Escape is "cancel",
/// Enter the answer that has the focus, which is the confirming one at first.
#[component]
pub fn Confirm(
    /// Unique in the document.
    id: &'static str,
    open: RwSignal<bool>,
    title: String,
    #[prop(into)] text: Signal<String>,
    /// Name of the confirming button.
    confirm: String,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, open);
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let (titled_by, described_by) = (title_id.clone(), text_id.clone());
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Main };
    view! {
        <dialog node_ref=node class="dialog" aria-labelledby=titled_by aria-describedby=described_by on:close=move |_| open.set(false)>
            <h2 id=title_id>{title}</h2>
            <p id=text_id class="muted">{text}</p>
            <div class="answers">
                <Button on_press=Callback::new(move |()| open.set(false))>{texts().common_cancel()}</Button>
                <Button kind=kind busy=busy on_press=on_confirm autofocus=true>
                    {confirm}
                </Button>
            </div>
        </dialog>
    }
    .into_any()
}
