"""Does a board reached in real time do the same as a free-running virtual one, and when?"""
