//! The browser's two modules: Rust → wasm → wasm-bindgen → one script and one wasm file each.

use crate::{
    setup::hash,
    site::Profile,
    step::{output, program, root, run, step, target},
};
use anyhow::{Context, Result, ensure};
use std::{ffi::OsStr, fs};

pub struct Module {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// `name` is the binary in src/bin; `feature` turns on the code it is made of.
pub fn module(name: &str, feature: &str, profile: Profile) -> Result<Module> {
    let cargo_profile = profile.wasm();
    step(&format!("wasm {name} ({cargo_profile})"), || {
        run(&mut profile.cargo(&[
            "build",
            "--target=wasm32-unknown-unknown",
            "--no-default-features",
            "--features",
            feature,
            "--bin",
            name,
            "--profile",
            cargo_profile,
        ]))?;
        let input = target().join("wasm32-unknown-unknown").join(cargo_profile).join(format!("{name}.wasm"));
        let built = fs::read(&input).with_context(|| input.display().to_string())?;
        bind(name, profile, built)
    })
}

/// wasm-bindgen, unless this very module went through it the last time.
fn bind(name: &str, profile: Profile, built: Vec<u8>) -> Result<Module> {
    let folder = profile.work().join(name);
    let (script, wasm, stamp) = (folder.join("bundled.js"), folder.join(format!("{name}_bg.wasm")), folder.join("stamp"));
    // This very source belongs to the stamp: another option below makes another module.
    let wanted = hash(&[&built, include_bytes!("wasm.rs").as_slice(), include_bytes!("shrink.mjs").as_slice()].concat());
    if !fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        wasm_bindgen_cli_support::Bindgen::new()
            .input_bytes(name, built)
            .web(true)?
            .typescript(false)
            // The page says where the wasm is, since its name carries a hash.
            .omit_default_module_path(true)
            // Names are for readable traces while developing; they are a third of the module.
            .remove_name_section(profile == Profile::Release)
            .remove_producers_section(true)
            .out_name(name)
            .generate(&folder)
            .with_context(|| format!("wasm-bindgen {name}"))?;
        let glue = folder.join(format!("{name}.js"));
        let text = fs::read_to_string(&glue).with_context(|| glue.display().to_string())?;
        ensure!(
            !text.contains("__wasm_split"),
            "{name} has a #[lazy] function or #[lazy_route]; nothing splits it here, so it would not start"
        );
        if profile == Profile::Release {
            let binaryen = root().join("end2end/node_modules/binaryen/index.js");
            run(program("node").arg(root().join("xtask/src/shrink.mjs")).args([&binaryen, &wasm, &glue]))?;
        }
        // Bundled, since crates may bring scripts of their own (wasm-bindgen's snippets).
        // wasm-bindgen names a snippet once per function that it has from it.
        let mut words = vec!["--bundle", "--format=esm", "--target=es2022", "--log-override:duplicate-object-key=silent"];
        if profile == Profile::Release {
            words.push("--minify");
        }
        fs::write(&script, esbuild(glue.as_os_str(), &words)?)?;
        fs::write(&stamp, wanted)?;
    }
    Ok(Module { script: fs::read(script)?, wasm: fs::read(wasm)? })
}

pub fn esbuild(file: &OsStr, words: &[&str]) -> Result<Vec<u8>> {
    let esbuild = root().join("end2end/node_modules/.bin/esbuild");
    output(program(esbuild).arg(file).args(words).arg("--log-level=warning"))
}
