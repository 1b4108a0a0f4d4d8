test_that("changes from the excerpt of pharmaverseadam are its own CHG, in every verb", {
  adlb <- utils::read.csv(system.file("validation", "pharmaverseadam", "adlb.csv", package = "respondr"))
  x <- adam_data(adlb)
  used <- !is.na(adlb$CHG) & adlb$AVISIT == "Week 8" & adlb$ANL01FL == "Y"
  change <- adlb$CHG[which(used)]
  paired <- compare_paired(HGB ~ visit | USUBJID, x)
  week <- as.data.frame(paired)[grepl("^Week 8 ", paired$contrast), ]
  expect_equal(week$n_pairs[1], length(change))
  expect_equal(week$estimate[1], mean(change), tolerance = 1e-10)
  rule <- response_rule(rise = change(HGB) > 0, none = otherwise(), missing = "open")
  classes <- classify_response(x, rule, keep = TRT01A)
  expect_equal(sum(classes$class == "rise" & classes$visit == "Week 8", na.rm = TRUE), sum(change > 0))
  expect_s3_class(rm_mmrm(HGB ~ TRT01A * visit | USUBJID, x[x$visit %in% c("Baseline", "Week 2", "Week 4"), ]),
    "respondr_mmrm")
})
