"""The forge in memory, by which most seeds run, keeps the promises of a forge that a run depends on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import pytest

from tests.contract import test_forge as contract
from tests.contract.test_forge import Workshop
from tests.simulation.yards import MemoryYard

Promise = Callable[[Workshop], Awaitable[None]]
PROMISES: tuple[Promise, ...] = (
    contract.test_a_missing_file_is_an_error_that_waiting_does_not_help,
    contract.test_a_draft_is_one_commit_with_one_path_on_its_own_branch,
    contract.test_a_file_in_a_folder_is_changed_there,
    contract.test_opening_again_finds_the_same_draft_and_stores_nothing,
    contract.test_a_change_that_is_there_already_makes_no_draft,
    contract.test_a_base_that_moved_elsewhere_leaves_the_draft_alone,
    contract.test_a_base_that_moved_in_the_file_gets_the_edit_again,
    contract.test_a_persons_commits_on_the_branch_are_kept,
    contract.test_a_branch_that_a_person_made_is_kept,
    contract.test_an_edit_that_is_refused_changes_nothing,
    contract.test_two_at_once_make_one_draft,
    contract.test_a_branch_that_someone_makes_in_between_is_not_overwritten,
    contract.test_a_patch_of_what_is_there_already_is_empty,
    contract.test_the_same_request_later_in_the_day_is_the_same_draft,
    contract.test_a_draft_of_older_wording_is_found,
    contract.test_without_leave_a_file_that_is_not_there_is_an_error,
    contract.test_creating_again_finds_the_same_draft_and_stores_nothing,
    contract.test_a_file_that_is_there_is_edited_though_it_might_be_created,
    contract.test_a_file_that_a_person_has_merged_is_not_created_again,
    contract.test_a_base_that_moved_beside_a_new_file_leaves_the_draft_alone,
    contract.test_a_file_that_a_person_made_meanwhile_gets_the_edit,
    contract.test_a_file_that_a_person_deleted_meanwhile_is_created_anew,
    contract.test_a_persons_commits_beside_a_new_file_are_kept,
)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__.removeprefix("test_"))
async def test_the_forge_in_memory(promise: Promise) -> None:
    yard = MemoryYard()
    yard.put({"MAINTAINERS": contract.OLD, "docs/OWNERS": contract.OLD, "README.md": b"# Hello\n"})
    await promise(cast("Workshop", yard))
