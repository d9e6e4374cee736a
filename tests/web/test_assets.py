"""What is served of the installed packages."""

from quartier.web.assets import _rules, _without, _without_images


def test_rules_are_told_apart_whatever_stands_in_their_strings():
    css = '/* a{} */.x{background:url("data:,};{")}@import "y";@media print{.x{color:red}.y{top:0}}'
    assert list(_rules(css)) == [
        (".x", 'background:url("data:,};{")'),
        ('@import "y"', None),
        ("@media print", ".x{color:red}.y{top:0}"),
    ]


def test_only_rules_made_of_unwanted_classes_are_left_out():
    css = ".kern-m-1{margin:0}.kern-m-1 .kern-btn{top:0}a{top:0}"
    css += "@media print{.kern-m-1{top:0}}@media all{.kern-m-1{top:0}b{top:0}}"
    assert _without({"kern-m-1"}, css) == ".kern-m-1 .kern-btn{top:0}a{top:0}@media all{b{top:0}}"


def test_styles_of_the_map_ask_for_no_pictures():
    css = ".a{top:0}.b{background-image:url(images/layers.png)}"
    assert _without_images(css) == "@layer kern{.a{top:0}\n}\n"
