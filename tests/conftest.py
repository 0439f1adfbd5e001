"""The fixtures are in vigie.pytest_plugin, which pytest loads by itself."""
