//! What damage begins with where the repository has no file for it.

/// Files of data, each with a film that reads it.
pub const DATA_FILMS: [(&str, &str); 7] = [
    (
        "data.csv",
        "composition film 320x180 25fps for 5s { for row in csv(\"data.csv\") { text \"{row}\" for 1s } }",
    ),
    (
        "data.json",
        "let tree = json(\"data.json\")\ncomposition film 320x180 25fps for 5s { text \"{tree}\" }",
    ),
    (
        "data.srt",
        "composition film 320x180 25fps for 5s { for cue in srt(\"data.srt\") { text cue.text at cue.start until cue.end } }",
    ),
    (
        "data.srt",
        "composition film 320x180 25fps for 5s { captions \"data.srt\" { max_chars: 12  max_lines: 1 } }",
    ),
    ("data.vtt", "composition film 320x180 25fps for 5s { captions \"data.vtt\" { word_style: color } }"),
    (
        "data.vtt",
        "let talk = vtt(\"data.vtt\")\ncomposition film 320x180 25fps for 5s { text \"{count(talk)} {talk}\" }",
    ),
    ("data.txt", "composition film 320x180 25fps for 5s { text text(\"data.txt\") }"),
];

/// What damage to data begins with.
pub const SAMPLE_DATA: [&str; 4] = [
    "name,age,note\nAda,36,\"first, of all\"\nGrace,85,\"says \"\"hi\"\"\"\n",
    "{ \"title\": \"Ship it\", \"rows\": [ { \"n\": 1 }, { \"n\": -2.5e3 } ], \"none\": null, \"yes\": true }",
    "1\n00:00:00,500 --> 00:00:02,000\nHello there\n\n2\n00:00:02,000 --> 00:00:04,250 X1:1\n<i>Two</i>\nlines\n",
    "WEBVTT - a talk\n\nNOTE so\n\nintro\n00:00.500 --> 00:02.000 line:80% align:start\n<v Ada>Hello <00:00:01.000>there\n\n00:02.000 --> 00:04.250\n- &amp; more\n",
];

/// A body that uses most of the format.
pub const SAMPLE_BODY: &str = r##"{ "width": 1280, "height": 720, "duration": 6, "frame_rate": 25,
  "background_color": "#101820ff", "output_format": "mp4", "metadata": { "a": "b" },
  "elements": [
    { "type": "video", "id": "a", "source_url": "https://media.example.org/a.mp4", "time": 0, "in_point": 2,
      "out_point": 5, "volume": 0, "z_index": 0, "crop_left": 0.1, "effects": [ { "type": "vhs", "intensity": 40 } ] },
    { "type": "video", "id": "b", "source_url": "https://media.example.org/b.mp4", "time": 3, "in_point": 2,
      "out_point": 5, "speed": 1.5, "volume": 100, "z_index": 1, "x": "84%", "y": 12, "width": "24px", "z_rotation": "90°" },
    { "type": "image", "id": "i", "source_url": "https://media.example.org/i.png", "time": 0, "duration": 4, "opacity": 85 },
    { "type": "audio", "id": "bed", "source_url": "https://media.example.org/bed.mp3", "time": 0, "in_point": 0,
      "out_point": 6, "volume": 35, "fade_in_duration": 0.5, "fade_out_duration": 1 },
    { "type": "text", "id": "t", "text": "ship it", "time": 0.4, "duration": 1.8, "font_size": 88, "stroke_width": 0.06,
      "background_color": "#1e66f5", "z_index": 30, "word_animation": { "style": "box", "words": [
        { "text": "ship", "start": 0.4, "end": 0.8 }, { "text": "it", "start": 0.8, "end": 1.05 } ] },
      "motion": [ { "type": "fade", "time": 0.4, "duration": 0.5, "easing": "ease_out", "reversed": false } ] } ],
  "transitions": [ { "type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 0.8 } ] }"##;
