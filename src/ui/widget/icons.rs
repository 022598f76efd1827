//! The widget's few icons as markup for `inner_html`: a view of each would cost the module
//! more than the family in `ui::kit::icon` is worth here.

macro_rules! svg {
    ($path:literal) => {
        concat!(
            r#"<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" "#,
            r#"stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=""#,
            $path,
            r#""/></svg>"#
        )
    };
}

pub const X: &str = svg!("M18 6 6 18M6 6l12 12");
pub const ARROW_DOWN: &str = svg!("M12 5v14M19 12l-7 7-7-7");
