"""The files of the device: the one list that freezing, deploying and the virtual board read."""

package("button")
module("boot.py")
module("main.py")
