// The case: a tray for the cell, a lid that carries everything else, and the key's cap. Millimetres.
// piece = "tray", "lid", "cap": one solid where it sits in the closed case. "exploded" and "closed": for pictures.
// Dimensions and places come from parts.toml by way of parts.scad; here is only shape.
include <parts.scad>

piece = "exploded";
$fn = 40;
tiny = 0.01;
rim = height - lid;                       // where the lid meets the tray
key_centre = [key_at.x + key_size.x / 2, key_at.y + key_size.y / 2];
board_top = key_board_at.z + key_board_size.z;
flange_low = key_at.z + key_size.z + key_free_travel;

// Lid: hooks into the front wall, tabs against the side walls, one screw at the back.
hook_thickness = 0.8;
hooks = [[2.4, 5.2], [27, 31]];           // from x to x
hook_z = [rim - 1.4, rim - 0.7];
bracket = 4.0;                            // edge of the block that takes the screw
screw = [width - wall - 2.1, depth - wall - 2.1];

// Cord: it runs around a post in a corner notch.
notch = 6.0;
notch_z = [7.3, rim - 1.3];
post = [2.5, depth - 2.5];

module rounded(size, radius) {
    hull() for (x = [radius, size.x - radius], y = [radius, size.y - radius])
        translate([x, y, 0]) cylinder(r = radius, h = size.z);
}

module box(from, to) {
    translate(from) cube(to - from);
}

module tray() {
    difference() {
        union() {
            difference() {
                rounded([width, depth, rim], corner);
                translate([wall, wall, floor])
                    rounded([width - 2 * wall, depth - 2 * wall, height], 1);
            }
            intersection() {
                rounded([width, depth, rim], corner);
                union() {
                    box([tiny, depth - notch - 1, notch_z[0] - 1], [notch + 1, depth, rim]);
                    box([width - wall - bracket, depth - wall - bracket, 7], [width, depth, rim - 0.05]);
                }
            }
        }
        box([-1, depth - notch, notch_z[0]], [notch, depth + 1, notch_z[1]]);
        translate([screw.x, screw.y, 7.6]) cylinder(d = 1.6, h = height);
        usb_window();
        for (hook = hooks)
            box([hook[0] - 0.2, 0.6, hook_z[0] - 0.1], [hook[1] + 0.2, wall + 0.3, hook_z[1] + 0.15]);
        for (n = [0:3])
            box([width - wall - 1, sounder_at.y + 1.2 + 2.2 * n, sounder_at.z + 0.4],
                [width + 1, sounder_at.y + 2.3 + 2.2 * n, rim - 1]);
    }
    translate([post.x, post.y, notch_z[0] - 0.5]) cylinder(d = 3, h = notch_z[1] - notch_z[0] + 1);
}

module usb_window() {
    gap = 0.3;
    radius = 0.6;
    translate([usb_at.x - gap, wall + 1, usb_at.z - gap]) rotate([90, 0, 0])
        rounded([usb_size.x + 2 * gap, usb_size.z + 2 * gap, wall + 2], radius);
}

module lid() {
    difference() {
        union() {
            translate([0, 0, rim]) rounded([width, depth, lid], corner);
            lid_hooks();
            box([wall + fit, 10, rim - 1.5], [wall + fit + hook_thickness, 16, rim + tiny]);
            box([width - wall - fit - hook_thickness, 8, rim - 1.5], [width - wall - fit, 14, rim + tiny]);
            box([board_at.x + 4.5, board_at.y + 6, rim - 1], [board_at.x + 12.5, board_at.y + 16, rim + tiny]);
            key_holder();
        }
        translate([key_centre.x, key_centre.y, 0]) cap_body(fit, rim - 1, height + 1);
        translate([screw.x, screw.y, rim - 1]) cylinder(d = 2.2, h = 3);
        translate([screw.x, screw.y, height - 0.8]) cylinder(d1 = 2.2, d2 = 3.8 + tiny, h = 0.8 + tiny);
        translate([microphone_at.x + microphone_port_x, microphone_at.y + microphone_port_y, rim - 1]) {
            cylinder(d = 1.5, h = 3);
            translate([0, 0, 1.5]) cylinder(d1 = 1.5, d2 = 2.7, h = 0.5 + tiny);
        }
        for (x = [-2.4, 0, 2.4], y = [-2.4, 0, 2.4])
            translate([sounder_at.x + sounder_size.x / 2 + x, sounder_at.y + sounder_size.y / 2 + y, rim - 1])
                cylinder(d = 1.4, h = 3);
    }
}

module lid_hooks() {
    back = wall + fit;
    for (hook = hooks) {
        box([hook[0], back, rim - 1.6], [hook[1], back + hook_thickness, rim + tiny]);
        hull() {
            box([hook[0], 0.7, hook_z[0] + 0.25], [hook[1], back + tiny, hook_z[1]]);
            box([hook[0], back, hook_z[0]], [hook[1], back + tiny, hook_z[1]]);
        }
    }
}

// Arms hold the switch's board from below, walls from above: the finger's force goes into the lid, not the cell.
module key_holder() {
    arm = 1.0;
    left = key_board_at.x - fit;
    right = key_board_at.x + key_board_size.x + fit;
    middle = key_board_at.y + key_board_size.y / 2;
    for (side = [[left - arm, left, 0.6], [right, right + arm, -0.6]]) {
        box([side[0], middle - 3, key_board_at.z - 0.7], [side[1], middle + 3, rim + tiny]);
        inner = side[2] > 0 ? side[1] : side[0];
        hull() {
            box([min(inner - tiny, inner + side[2]), middle - 3, key_board_at.z - 0.2],
                [max(inner + tiny, inner + side[2]), middle + 3, key_board_at.z - 0.05]);
            box([inner - tiny, middle - 3, key_board_at.z - 0.7],
                [inner + tiny, middle + 3, key_board_at.z - 0.05]);
        }
    }
    for (y = [key_board_at.y - 0.35, key_board_at.y + key_board_size.y - 0.45])
        box([key_board_at.x, y, board_top + 0.05], [key_board_at.x + key_board_size.x, y + 0.8, rim + tiny]);
}

module cap_body(gap, from, to) {
    size = [10.4 + 2 * gap, 7.2 + 2 * gap, to - from];
    translate([-size.x / 2, -size.y / 2, from]) rounded(size, 2 + gap);
}

module cap() {
    flange = [key_board_size.x - 2 * fit, key_board_size.y - 1.2];
    translate([key_centre.x, key_centre.y, 0]) difference() {
        union() {
            cap_body(0, flange_low, cap_top);
            box([-flange.x / 2, -flange.y / 2, flange_low], [flange.x / 2, flange.y / 2, rim - 0.05]);
            for (x = [-flange.x / 2, flange.x / 2 - 1.2])
                box([x, -3.3, board_top + key_stop], [x + 1.2, 3.3, flange_low + tiny]);
        }
        // A dish that the finger finds.
        translate([0, 0, cap_top + 12.6]) sphere(r = 13, $fn = 120);
    }
}

module parts() {
    tints = ["Silver", "SeaGreen", "DimGray", "MediumPurple", "OliveDrab", "Goldenrod", "SteelBlue", "Black",
             "OliveDrab", "Firebrick", "WhiteSmoke"];
    list = [[cell_at, cell_size], [board_at, board_size], [usb_at, usb_size], [microphone_at, microphone_size],
            [strip_at, strip_size], [capacitor_at, capacitor_size], [motor_at, motor_size],
            [sounder_at, sounder_size], [key_board_at, key_board_size], [key_at, key_size], [plug_at, plug_size]];
    for (n = [1:len(list) - 1]) color(tints[n]) translate(list[n][0]) cube(list[n][1]);
    color(tints[0]) translate(list[0][0] - [0, 0, 12]) cube(list[0][1]);
}

if (piece == "tray") tray();
if (piece == "lid") lid();
if (piece == "cap") cap();
if (piece == "exploded") {
    color("LightSteelBlue") translate([0, 0, -26]) tray();
    parts();
    color("SkyBlue") translate([0, 0, 16]) lid();
    color("OrangeRed") translate([0, 0, 22]) cap();
}
if (piece == "closed") {
    color("LightSteelBlue") tray();
    color("SkyBlue") lid();
    color("OrangeRed") cap();
    // Beside it the lid from inside.
    translate([-6, 0, height]) rotate([0, 180, 0]) {
        color("SkyBlue") lid();
        color("OrangeRed") translate([0, 0, tiny]) cap();
        color("OliveDrab") translate(key_board_at) cube(key_board_size);
    }
}
