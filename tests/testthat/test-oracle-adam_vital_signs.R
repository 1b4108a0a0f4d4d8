advs <- utils::read.csv(system.file("validation", "pharmaverseadam", "advs.csv", package = "respondr"),
  na.strings = c("", "NA"))

changes_of <- function(d, name) {
  x <- as.data.frame(d)
  base <- x[x$visit == "Baseline", ]
  stats::setNames(x[[name]] - base[[name]][match(x$USUBJID, base$USUBJID)], paste(x$USUBJID, x$visit))
}

test_that("changes of vital signs at one time point are the CHG of their records", {
  expect_error(adam_data(advs, "SYSBP"), "several time points")
  for (at in unique(stats::na.omit(advs$ATPT))) {
    ours <- changes_of(adam_data(advs, "SYSBP", timepoint = at), "SYSBP")
    theirs <- advs[which(advs$PARAMCD == "SYSBP" & advs$ATPT == at & advs$ANL01FL == "Y" & is.na(advs$DTYPE) &
      !is.na(advs$CHG)), ]
    expect_gt(nrow(theirs), 15)
    expect_equal(unname(ours[paste(theirs$USUBJID, theirs$AVISIT)]), theirs$CHG)
    expect_equal(sum(grepl("Baseline", names(ours))) + nrow(theirs), length(ours))
  }
})

test_that("averages beside the weight they are made of are left out", {
  ours <- changes_of(adam_data(advs, "WEIGHT"), "WEIGHT")
  theirs <- advs[which(advs$PARAMCD == "WEIGHT" & advs$ANL01FL == "Y" & is.na(advs$DTYPE) & !is.na(advs$CHG)), ]
  expect_equal(unname(ours[paste(theirs$USUBJID, theirs$AVISIT)]), theirs$CHG)
})
