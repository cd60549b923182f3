//! `vid new`: a folder with a film to start from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// What `vid new` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder to make; it must not be there yet, or be empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// The files of a new project. `{name}` stands for the name of the film.
const FILES: [(&str, &str); 4] = [
    ("film.vid", include_str!("../../templates/film.vid")),
    ("brand.vid", include_str!("../../templates/brand.vid")),
    ("README.md", include_str!("../../templates/README.md")),
    (".gitignore", include_str!("../../templates/gitignore")),
];

/// Makes the folder and its files.
///
/// # Errors
/// When there is something in the folder already, or it cannot be written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if output::is_dash(folder) {
        return Err(Failure::usage("a new project needs a folder, and `-` is none"));
    }
    make_empty(folder)?;
    let name = title_of(folder);
    for (file, text) in FILES {
        output::write(&folder.join(file), text.replace("{name}", &name).as_bytes())?;
    }
    let shown = folder.display();
    eprintln!("{shown}: a film, its colours and a README");
    eprintln!("  vid render {shown}/film.vid -o {shown}/film.mp4");
    Ok(Exit::Success)
}

/// Makes the folder, or makes sure that nothing is in it.
fn make_empty(folder: &Path) -> Result<(), Failure> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                let message = format!("`{}` is not empty; nothing in it was touched", folder.display());
                Err(Failure::usage(message))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| Failure::output(folder, error))
        }
        Err(error) => Err(Failure::output(folder, error)),
    }
}

/// The name of the folder in words: `summer-launch` is “Summer launch”. Only letters that need no
/// care inside a string.
fn title_of(folder: &Path) -> String {
    let name = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "New film".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_film() {
        assert_eq!(title_of(Path::new("films/summer-launch")), "Summer launch");
        assert_eq!(title_of(Path::new("/")), "New film");
        assert_eq!(title_of(Path::new("a\"{b}")), "A b");
    }
}
