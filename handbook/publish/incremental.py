"""One page built anew, as MkDocs would in a whole build; what it knows of a language stays in memory."""

import pathlib

import mkdocs.commands.build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation

from handbook.languages import CONFIGURATIONS, site_of
from handbook.pages.page import Page


class LanguageSite:
    """What MkDocs knows of one language from one change to the next."""

    def __init__(self, root: pathlib.Path, language: str, site: pathlib.Path) -> None:
        config = load_config(
            str(root / CONFIGURATIONS[language]),
            site_dir=str(site_of(language, site)),
            strict=False,
        )
        config.plugins.on_startup(command="serve", dirty=True)
        self.config = config.plugins.on_config(config)
        self.config.plugins.on_pre_build(config=self.config)
        environment = config.theme.get_env()
        files = get_files(config)
        files.add_files_from_theme(environment, config)
        self.files = config.plugins.on_files(files, config=config)
        set_exclusions(self.files, config)
        self.navigation = get_navigation(self.files, config)
        self.navigation = config.plugins.on_nav(self.navigation, config=config, files=self.files)
        for file in self.files.documentation_pages():
            if file.page:
                file.page.read_source(config)  # The navigation shows its title.
        self.environment = config.plugins.on_env(environment, config=config, files=self.files)

    def write(self, page: Page) -> None:
        """Write the HTML of one page anew."""
        file = self.files.get_file_from_path(page.address)
        mkdocs_build._populate_page(file.page, self.config, self.files)
        pages = self.files.documentation_pages()
        mkdocs_build._build_page(file.page, self.config, pages, self.navigation, self.environment)
