printed_shares <- utils::read.csv(system.file("validation", "multinomial", "expected.csv", package = "respondr"))
share_examples <- list("1" = c(56, 72, 73, 59, 62, 87, 58), "2" = rep(5, 50), "3" = rep(c(1, 12, 5, 3, 4), each = 10),
  psych = c(91, 49, 37, 43))

test_that("simultaneous limits are those printed by Sison and Glaz and by DescTools", {
  for (key in unique(paste(printed_shares$example, printed_shares$method))) {
    rows <- printed_shares[paste(printed_shares$example, printed_shares$method) == key, ]
    count <- share_examples[[rows$example[1]]]
    ours <- share_limits(count, simultaneous = rows$method[1])[match(rows$count, count), , drop = FALSE]
    expect_true(all(abs(ours - as.matrix(rows[c("low", "high")])) < rows$tolerance), info = key)
  }
})
